# A meter that slept through the end of its base date can still be changed
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=1993 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2025-12-01T00:00:00Z

change  rolled     baseDate=2014 keyRevisionNumber=2 tokens=2
token   rolled.1   3409 2091 6305 1791 4799
token   rolled.2   4179 7203 0473 4136 7085
token   after      3301 5290 3866 3391 3604 0/0 amount=3 tid=6000000 under=rolled

#       action                          result
+0      enter rolled.2                  2ndKCT
+0      enter rolled.1                  Accept keyRevisionNumber=2
+0      enter after                     Accept credit.electricity=3
