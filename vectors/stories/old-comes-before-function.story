# An old token the meter lacks is old first
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      manufacturedAt=2014-01-02T00:00:00Z
start       2026-01-01T00:00:00Z

token   water      0453 0586 7317 9441 4811 0/1 amount=1 tid=10

#       action                          result
+0      enter water                     OldError
