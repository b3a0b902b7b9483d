# The wait is a time, not a time of day: a clock set back or forward does not change it
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   first      7063 0503 4700 2872 6114   0/0 amount=0.1 tid=85740     ; published, STS 531-1-07
token   wrong20    7063 0503 4700 2872 6120
token   wrong21    7063 0503 4700 2872 6121
token   wrong22    7063 0503 4700 2872 6122

#       action                          result
+0      enter wrong20                   CRCError
+0      enter wrong21                   CRCError
+2s     enter wrong22                   CRCError
2025-06-01T00:00:00Z enter first                     Lockout
+3.9s   enter first                     Lockout
+0.1s   enter first                     Accept
