# One wrong token before and one after a power loss are two in a row
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   wrong20    7063 0503 4700 2872 6120
token   wrong21    7063 0503 4700 2872 6121

#       action                          result
+0      enter wrong20                   CRCError lockedUntil=null
+1m     power off
+1m     power on
+0      enter wrong21                   CRCError lockedUntil=2026-01-01T00:02:02Z
