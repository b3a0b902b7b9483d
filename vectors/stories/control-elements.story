# Control elements of STS 202-5: element 0 is stored and shown, the others are not public
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   cts        2982 4850 2745 9035 2520 2/10 control.index=0 control.value=123 tid=100
token   other      5873 9567 3598 1270 9877 2/10 control.index=1 control.value=5 tid=101
token   last       4195 0847 2888 2040 6132 2/10 control.index=62 control.value=1023 tid=102
token   readcts    0230 5843 0093 4791 4912                  ; published: read control element 0

#       action                          result
+0      enter readcts                   Accept display.ComplianceTest=0
+0      enter cts                       Accept
+0      enter readcts                   Accept display.ComplianceTest=123
+0      enter other                     FunctionError
+0      enter last                      FunctionError
