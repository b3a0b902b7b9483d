# The unbalance limit is no function of a meter of one phase, and the token is not used up by trying
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      phases=1
start       2026-01-01T00:00:00Z

token   limit      4052 7562 2979 8928 4456 2/6 watts=2000 tid=100

#       action                          result
+0      enter limit                     FunctionError
+0      enter limit                     FunctionError
