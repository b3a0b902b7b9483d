# An identifier between two remembered ones that was never used works, also late
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      manufacturedAt=2014-01-01T01:00:00Z
start       2026-01-01T00:00:00Z

token   a          2501 5327 8365 8627 5567 0/0 amount=1 tid=500
token   c          3500 5433 1545 9364 9088 0/0 amount=1 tid=502
token   b          6360 7524 2834 1138 5443 0/0 amount=1 tid=501

#       action                          result
+0      enter a                         Accept
+1m     enter c                         Accept
+30d    enter b                         Accept credit.electricity=3
