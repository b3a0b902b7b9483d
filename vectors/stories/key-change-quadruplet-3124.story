# A key change of 4 tokens entered 3-1-2-4: nothing changes until the last
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA11 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

change  new        keyRevisionNumber=2 tariffIndex=02 supplyGroupCode=203557
token   new.1      2597 1477 8537 5009 0902
token   new.2      3581 4540 8405 6084 5542
token   new.3      5736 5577 0444 0818 2138
token   new.4      0600 7027 5850 4593 3536
token   sold       7019 0204 3682 8509 1864 0/0 amount=25.6 tid=90000 under=new

#       action                          result
+1m     enter new.3                     3rdKCT keyRevisionNumber=1 tariffIndex=01
+1m     enter new.1                     1stKCT keyRevisionNumber=1 tariffIndex=01
+1m     enter new.2                     2ndKCT keyRevisionNumber=1 tariffIndex=01
+1m     enter new.4                     Accept keyRevisionNumber=2 tariffIndex=02
+0      read                            supplyGroupCode=203557 keyRevisionNumber=2
+1m     enter sold                      Accept credit.electricity=25.6
