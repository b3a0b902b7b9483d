# The switch opens when the credit is used up and closes with the next token
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   a          0641 1730 3900 4141 5868 0/0 amount=1 tid=100
token   b          2621 7787 7086 1775 1783 0/0 amount=2 tid=101

#       action                          result
+0      read                            loadSwitch=open openBecause=NoCredit
+0      enter a                         Accept
+0      read                            loadSwitch=closed
+0      consume 5                       consumed=1 credit.electricity=0 loadSwitch=open
+0      enter b                         Accept credit.electricity=2
+0      read                            loadSwitch=closed cumulative=1
