# A token that does not fit is refused, nothing changes, and it works later
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      largestCredit=10.0
start       2026-01-01T00:00:00Z

token   small      0641 1730 3900 4141 5868 0/0 amount=1 tid=100
token   large      5680 2603 0426 3843 0728 0/0 amount=9.1 tid=101

#       action                          result
+0      enter small                     Accept credit.electricity=1
+0      enter large                     OverflowError tokenStatus=4 credit.electricity=1
+0      consume 0.1                     consumed=0.1 credit.electricity=0.9
+0      enter large                     Accept credit.electricity=10
+0      enter large                     UsedError
