# Used, old, tests and half a key change do not reset the count of wrong tokens
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      manufacturedAt=2014-01-02T00:00:00Z
start       2026-01-01T00:00:00Z

token   first      7063 0503 4700 2872 6114   0/0 amount=0.1 tid=85740     ; published, STS 531-1-07
token   wrong20    7063 0503 4700 2872 6120
token   wrong21    7063 0503 4700 2872 6121
token   wrong22    7063 0503 4700 2872 6122
token   wrong23    7063 0503 4700 2872 6123
change  new        keyRevisionNumber=2 tariffIndex=02
token   new.1      3354 0151 9465 0694 3773
token   krn        1844 6744 0738 4377 2416  1/0 control=8 manufacturerCode=00
token   old        4207 7318 0756 0024 7703 0/0 amount=1 tid=10

#       action                          result
+0      enter first                     Accept
+0      enter wrong20                   CRCError lockedUntil=null
+0      enter first                     UsedError
+0      enter old                       OldError
+0      enter krn                       Accept
+0      enter new.1                     1stKCT
+0      read                            lockoutFailures=1
+0      enter wrong21                   CRCError lockedUntil=2026-01-01T00:00:02Z
