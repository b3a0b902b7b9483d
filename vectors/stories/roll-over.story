# A roll-over clears the memory and keeps the credit; tokens of the old base date are gone
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=1993 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      manufacturedAt=2020-01-01T00:00:00Z
start       2024-06-01T00:00:00Z

token   before     5615 4170 9709 7661 1092 0/0 amount=50 tid=16000000
token   unused     5605 7200 1867 0219 4667 0/0 amount=50 tid=16000001
change  rolled     baseDate=2014 keyRevisionNumber=2 tokens=2
token   rolled.1   3409 2091 6305 1791 4799
token   rolled.2   4179 7203 0473 4136 7085
token   after      6040 0658 1439 1259 7670 0/0 amount=0.7 tid=4000000 under=rolled

#       action                          result
+0      enter before                    Accept credit.electricity=50
+1m     enter rolled.1                  1stKCT
+1m     enter rolled.2                  Accept keyRevisionNumber=2 credit.electricity=50
+0      read                            oldestTokenIdentifier=0 newestTokenIdentifier=0 baseDate=2014
+1m     enter after                     Accept credit.electricity=50.7
+1m     enter unused                    CRCError
