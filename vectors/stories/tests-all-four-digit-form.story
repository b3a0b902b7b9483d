# All tests at once in the form of four-digit makers, published
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   all        0230 5843 0050 5295 1967   1/1 control=268435455 manufacturerCode=0000

#       action                          result
+0      enter all                       Accept class=1 subclass=1 display.KeyRevisionNumber=1
