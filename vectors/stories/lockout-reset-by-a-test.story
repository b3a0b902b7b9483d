# With the letter of STS 202-4 an accepted test ends the lock-out too
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      lockoutReset=AllTokens
start       2026-01-01T00:00:00Z

token   wrong      7063 0503 4700 2872 6115
token   again      7063 0503 4700 2872 6116
token   tests      5649 3153 7254 5031 3471
token   good       7063 0503 4700 2872 6114

#       action                          result
+0      enter wrong                     CRCError
+0      enter again                     CRCError
+0      enter tests                     Lockout
+2.1s   enter tests                     Accept
+0      read                            lockoutFailures=0
+0      enter wrong                     CRCError
+0      enter good                      Accept lockedUntil=null
