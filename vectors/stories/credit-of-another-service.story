# Credit for a service the meter does not have is a function it lacks
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   water      3686 2629 4576 1813 4676 0/1 amount=1 tid=101
token   gas        5626 3045 8627 3616 6730 0/2 amount=1 tid=102
token   time       1317 2524 6600 7907 0706 0/3 amount=1 tid=103
token   watermoney 0039 1346 3767 0293 4459 0/5 amount=0.1 tid=110

#       action                          result
+0      enter water                     FunctionError
+0      enter gas                       FunctionError
+0      enter time                      FunctionError
+0      enter watermoney                FunctionError
