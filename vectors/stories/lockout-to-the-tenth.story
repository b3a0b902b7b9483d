# Ten wrong tokens in a row: the wait grows to its maximum of 90 s and does not pass it
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   first      7063 0503 4700 2872 6114   0/0 amount=0.1 tid=85740     ; published, STS 531-1-07
token   wrong20    7063 0503 4700 2872 6120
token   wrong21    7063 0503 4700 2872 6121
token   wrong22    7063 0503 4700 2872 6122
token   wrong23    7063 0503 4700 2872 6123
token   wrong24    7063 0503 4700 2872 6124
token   wrong25    7063 0503 4700 2872 6125
token   wrong26    7063 0503 4700 2872 6126
token   wrong27    7063 0503 4700 2872 6127
token   wrong28    7063 0503 4700 2872 6128
token   wrong29    7063 0503 4700 2872 6129
token   wrong30    7063 0503 4700 2872 6130
token   wrong31    7063 0503 4700 2872 6131
token   wrong32    7063 0503 4700 2872 6132

#       action                          result
+0      enter wrong20                   CRCError lockedUntil=null
+0      enter wrong21                   CRCError lockedUntil=2026-01-01T00:00:02Z
+1s     enter first                     Lockout tokenStatus=15
+1s     enter wrong22                   CRCError
+3s     enter first                     Lockout tokenStatus=15
+1s     enter wrong23                   CRCError
+7s     enter first                     Lockout tokenStatus=15
+1s     enter wrong24                   CRCError
+15s    enter first                     Lockout tokenStatus=15
+1s     enter wrong25                   CRCError
+31s    enter first                     Lockout tokenStatus=15
+1s     enter wrong26                   CRCError
+63s    enter first                     Lockout tokenStatus=15
+1s     enter wrong27                   CRCError
+89s    enter first                     Lockout tokenStatus=15
+1s     enter wrong28                   CRCError
+89s    enter first                     Lockout tokenStatus=15
+1s     enter wrong29                   CRCError
+89.9s  enter first                     Lockout
+0.1s   enter first                     Accept lockedUntil=null
+0      read                            lockoutFailures=0
