# A key type that may not follow refuses the set when it is complete, as a whole
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   common     3449 2939 4277 1343 0122   ; first section, KT 3, under the first key
token   initial    1723 3007 3749 7481 0703   ; first section, KT 0
token   default    0741 4199 5421 2865 2843   ; first section, KT 1
token   second     2297 9178 2799 9720 8272   ; published: second section

#       action                          result
+0      enter common                    1stKCT tokenStatus=2
+0      enter second                    KeyTypeError tokenStatus=5
+0      read                            keyChangePending=false lockoutFailures=0 keyType=DUTK tariffIndex=01
+0      enter second                    2ndKCT
+0      enter initial                   KeyTypeError
+0      enter default                   1stKCT
+0      enter second                    Accept
+0      read                            keyType=DDTK tariffIndex=02
