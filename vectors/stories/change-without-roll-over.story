# A key change within a base date keeps the memory: old tokens stay old
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      tokenMemorySize=1
start       2026-01-01T00:00:00Z

token   before     4347 8065 0461 7434 0450 0/0 amount=50 tid=5000
change  new        keyRevisionNumber=2 tariffIndex=02 tokens=2
token   new.1      3354 0151 9465 0694 3773
token   new.2      3204 8325 5075 8299 5619
token   earlier    6640 0060 1736 5906 3076 0/0 amount=1 tid=4000 under=new
token   again      1479 0560 9485 0202 1684 0/0 amount=1 tid=5000 under=new
token   later      4458 4913 2377 3311 6477 0/0 amount=1 tid=5001 under=new

#       action                          result
+0      enter before                    Accept
+0      enter new.1                     1stKCT
+0      enter new.2                     Accept
+0      enter earlier                   OldError
+0      enter again                     UsedError
+0      enter later                     Accept credit.electricity=51
