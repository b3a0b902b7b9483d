# Sections of two sets under one old key make a key nobody knows: the hazard every point of sale avoids
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

change  a          keyRevisionNumber=2 tariffIndex=02 tokens=2
change  b          keyRevisionNumber=3 tariffIndex=03 tokens=2
token   a.1        3354 0151 9465 0694 3773
token   b.2        4080 5613 7981 8525 0733
token   solda      1535 3597 2125 1321 6703 0/0 amount=1 tid=100 under=a
token   soldb      3375 0538 9794 8499 6586 0/0 amount=1 tid=100 under=b

#       action                          result
+0      enter a.1                       1stKCT
+0      enter b.2                       Accept keyRevisionNumber=2 tariffIndex=03
+0      enter solda                     CRCError
+0      enter soldb                     CRCError
