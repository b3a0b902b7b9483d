# A whole second set while the first is half entered: its first section takes the place
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

change  a          keyRevisionNumber=2 tariffIndex=02 tokens=2
change  b          keyRevisionNumber=3 tariffIndex=03 tokens=2
token   a.1        3354 0151 9465 0694 3773
token   b.1        1762 4987 1857 2540 6023
token   b.2        4080 5613 7981 8525 0733
token   sold       3375 0538 9794 8499 6586 0/0 amount=1 tid=100 under=b

#       action                          result
+0      enter a.1                       1stKCT
+0      enter b.1                       1stKCT
+0      enter b.2                       Accept keyRevisionNumber=3 tariffIndex=03
+0      enter sold                      Accept
