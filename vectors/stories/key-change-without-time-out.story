# A meter that waits for ever
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      keyChangeTimeoutSeconds=0
start       2026-01-01T00:00:00Z

change  new        keyRevisionNumber=2 tariffIndex=02 tokens=2
token   new.1      3354 0151 9465 0694 3773
token   new.2      3204 8325 5075 8299 5619

#       action                          result
+0      enter new.1                     1stKCT
+900d   enter new.2                     Accept keyRevisionNumber=2
