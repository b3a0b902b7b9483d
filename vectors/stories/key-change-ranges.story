# Fields of a key change outside their range, and bits that must be zero
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   krn0       4825 0019 1809 4389 9073   ; first section, KRN 0
token   krn10      5512 0470 4793 1871 4086   ; first section, KRN 10
token   ti100      6900 4982 0524 3568 8758   ; second section, TI 100
token   sgc        7343 0752 5301 2544 0797   ; third token, SGC 1000000
token   reserved   1119 7314 2690 9636 3254   ; third token, a reserved bit set
token   fourth     4417 8696 2012 1166 4719   ; fourth section for a key of 64 bits

#       action                          result
+0      enter krn0                      RangeError tokenStatus=7
+0      enter krn10                     RangeError
+0      enter ti100                     RangeError
+0      enter sgc                       RangeError
+0      enter reserved                  FormatError
+0      enter fourth                    FunctionError
+0      read                            keyChangePending=false lockoutFailures=0
