# Test 4 shows the key revision number and the key type
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   krn        1844 6744 0738 4377 2416

#       action                          result
+0      enter krn                       Accept display.KeyRevisionNumber=1 display.KeyType=2
