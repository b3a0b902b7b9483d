# A meter of one phase has no unbalance limit to show
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      phases=1
start       2026-01-01T00:00:00Z

token   test11     0000 0000 0173 1410 5857   1/0 control=1024 manufacturerCode=00

#       action                          result
+0      enter test11                    FunctionError
