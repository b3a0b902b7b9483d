# The value of a clear tamper token is zero; another is a wrong format and is not used up
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   padded     1918 8997 5019 2772 9446   ; clear tamper with the value 1

#       action                          result
+0      enter padded                    FormatError tokenStatus=6
+0      enter padded                    FormatError
+0      read                            lockoutFailures=0
