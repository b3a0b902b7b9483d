# The reserved class is a function no meter has, and is no wrong token
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   largest    7378 6976 2948 3820 6463

#       action                          result
+0      enter largest                   FunctionError tokenStatus=8
+0      enter largest                   FunctionError
+0      read                            lockoutFailures=0
