# The power limit is stored and shown
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   limit      1350 6796 7202 3138 4389 2/0 watts=4600 tid=100
token   show       0000 0000 0012 0797 4400  1/0 control=64 manufacturerCode=00

#       action                          result
+0      enter limit                     Accept class=2 subclass=0
+0      enter show                      Accept display.MaximumPowerLimit=4600
+0      enter limit                     UsedError
+0      read                            maximumPowerLimit=4600
