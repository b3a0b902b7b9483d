# A test for another maker is an authentication error and counts
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   maker07    1844 6744 0738 4424 8002  1/0 control=8 manufacturerCode=07

#       action                          result
+0      enter maker07                   MfrCodeError tokenStatus=14 lockedUntil=null
+0      enter maker07                   MfrCodeError lockedUntil=2026-01-01T00:00:02Z
