# A key change of 3 tokens entered 3-1-2: nothing changes until the last
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

change  new        keyRevisionNumber=2 tariffIndex=02 supplyGroupCode=203557 tokens=3
token   new.1      3938 2600 6063 7655 8272
token   new.2      3154 0828 6080 8098 7276
token   new.3      6329 8338 8640 9664 2218
token   sold       2934 4317 3165 0767 5786 0/0 amount=25.6 tid=90000 under=new

#       action                          result
+1m     enter new.3                     3rdKCT keyRevisionNumber=1 tariffIndex=01
+1m     enter new.1                     1stKCT keyRevisionNumber=1 tariffIndex=01
+1m     enter new.2                     Accept keyRevisionNumber=2 tariffIndex=02
+0      read                            supplyGroupCode=203557 keyRevisionNumber=2
+1m     enter sold                      Accept credit.electricity=25.6
