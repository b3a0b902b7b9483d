# A key change of 2 tokens entered 1-2: nothing changes until the last
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

change  new        keyRevisionNumber=2 tariffIndex=02 tokens=2
token   new.1      3354 0151 9465 0694 3773
token   new.2      3204 8325 5075 8299 5619
token   sold       1708 3716 5121 6860 2845 0/0 amount=25.6 tid=90000 under=new

#       action                          result
+1m     enter new.1                     1stKCT keyRevisionNumber=1 tariffIndex=01
+1m     enter new.2                     Accept keyRevisionNumber=2 tariffIndex=02
+0      read                            supplyGroupCode=000000 keyRevisionNumber=2
+1m     enter sold                      Accept credit.electricity=25.6
