# A negative amount takes credit away
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   money      5485 4855 7729 3772 4315 0/4 amount=0.1 tid=101
token   minus      0546 9759 4983 9738 5840 0/4 amount=-0.04 tid=102

#       action                          result
+0      enter money                     Accept credit.electricityCurrency=0.1
+0      enter minus                     Accept credit.electricityCurrency=0.06
