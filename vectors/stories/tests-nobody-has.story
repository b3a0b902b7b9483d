# Only reserved tests: a function the meter lacks; reserved among others: skipped
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   reserved   0000 2251 7999 4796 2881  1/0 control=134217728 manufacturerCode=00
token   mixed      1844 8995 8736 5751 5457  1/0 control=134217736 manufacturerCode=00

#       action                          result
+0      enter reserved                  FunctionError
+0      enter mixed                     Accept display.KeyRevisionNumber=1
