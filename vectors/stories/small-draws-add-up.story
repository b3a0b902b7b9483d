# A thousandth of a unit is not lost, nor charged twice
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   a          0641 1730 3900 4141 5868 0/0 amount=1 tid=100

#       action                          result
+0      enter a                         Accept
+1m     consume 0.033                   consumed=0.033
+1m     consume 0.033                   consumed=0.033
+1m     consume 0.033                   consumed=0.033
+1m     consume 0.033                   consumed=0.033
+1m     consume 0.033                   consumed=0.033
+1m     consume 0.033                   consumed=0.033
+1m     consume 0.033                   consumed=0.033
+1m     consume 0.033                   consumed=0.033
+1m     consume 0.033                   consumed=0.033
+1m     consume 0.033                   consumed=0.033
+0      read                            credit.electricity=0.67 cumulative=0.33
