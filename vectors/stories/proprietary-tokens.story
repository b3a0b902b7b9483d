# Class 2 subclass 11 to 15 and class 0 subclass 8 to 15 are functions the meter lacks
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   maker      3658 7057 7129 7940 2484   ; class 2 subclass 11
token   reserved   5894 6235 0386 8474 0446   ; class 0 subclass 8

#       action                          result
+0      enter maker                     FunctionError
+0      enter reserved                  FunctionError
+0      read                            lockoutFailures=0
