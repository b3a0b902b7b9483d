# With the scope of all tokens a test waits like any other
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      lockoutScope=AllTokens
start       2026-01-01T00:00:00Z

token   wrong20    7063 0503 4700 2872 6120
token   wrong21    7063 0503 4700 2872 6121
token   krn        1844 6744 0738 4377 2416  1/0 control=8 manufacturerCode=00

#       action                          result
+0      enter wrong20                   CRCError
+0      enter wrong21                   CRCError
+0      enter krn                       Lockout
+2s     enter krn                       Accept display.KeyRevisionNumber=1
