# After a roll-over the base date shown is the latest that has begun: from 1993 in 2036 it is 2035
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=1993 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2036-01-01T00:00:00Z

change  new        baseDate=2035 keyRevisionNumber=2 tokens=2
token   new.1      1327 8340 3252 8749 6533
token   new.2      4739 4722 8257 7893 7962
token   sold       6603 1401 0894 5866 0141 0/0 amount=5 tid=525600 under=new

#       action                          result
+0      enter new.1                     1stKCT
+0      enter new.2                     Accept
+0      read                            baseDate=2035 keyRevisionNumber=2
+0      enter sold                      Accept credit.electricity=5
