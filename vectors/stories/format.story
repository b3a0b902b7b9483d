# Digits that are no 66 bits are refused and do not count as wrong tokens
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   first      7063 0503 4700 2872 6114   0/0 amount=0.1 tid=85740     ; published, STS 531-1-07
token   toolarge   7378 6976 2948 3820 6464
token   nines      9999 9999 9999 9999 9999

#       action                          result
+0      enter toolarge                  FormatError tokenStatus=6 lockedUntil=null
+0      enter nines                     FormatError
+0      enter nines                     FormatError lockedUntil=null
+0      read                            lockoutFailures=0
+0      enter first                     Accept
