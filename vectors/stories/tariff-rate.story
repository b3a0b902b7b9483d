# The tariff rate has no public meaning: a meter without one lacks the function
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   rate       2982 4832 0081 8835 0033 2/2 value=77 tid=100

#       action                          result
+0      enter rate                      FunctionError
