# What the meter lacks is no wrong token
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   water      3549 1391 1801 0041 7682 0/1 amount=1 tid=100

#       action                          result
+0      enter water                     FunctionError
+0      enter water                     FunctionError
+0      enter water                     FunctionError
+0      enter water                     FunctionError
+0      enter water                     FunctionError
+0      read                            lockoutFailures=0
