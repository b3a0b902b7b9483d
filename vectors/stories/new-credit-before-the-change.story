# Credit under the new key is refused before the set and works after it
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

change  new        keyRevisionNumber=2 tariffIndex=02 tokens=2
token   new.1      3354 0151 9465 0694 3773
token   new.2      3204 8325 5075 8299 5619
token   sold       6171 5896 3260 7549 1304 0/0 amount=5 tid=100 under=new

#       action                          result
+0      enter sold                      CRCError credit.electricity=0
+1m     enter new.2                     2ndKCT
+1m     enter new.1                     Accept
+1m     enter sold                      Accept credit.electricity=5
