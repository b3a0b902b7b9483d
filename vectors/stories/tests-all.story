# All tests at once, published
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   all        5649 3153 7254 5031 3471   1/0 control=68719476735 manufacturerCode=00

#       action                          result
+0      enter all                       Accept class=1 subclass=0 display.KeyRevisionNumber=1 display.TariffIndex=01 display.SupplyGroupCode=201457 display.KeyExpiryNumber=255 display.DecoderReferenceNumber=00000000000 display.EncryptionAlgorithm=07 display.KeyChangeTokensSupported=3
+0      enter all                       Accept
