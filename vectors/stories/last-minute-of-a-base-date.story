# The last identifier there is still works; after it only a roll-over helps
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=1993 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2024-11-24T20:15:00Z

token   last       5663 2840 1342 0445 7204 0/0 amount=1 tid=16777215
token   early      3873 9114 8957 2056 1660 0/0 amount=1 tid=100

#       action                          result
+0      enter last                      Accept credit.electricity=1
+0      enter last                      UsedError
+0      enter early                     Accept credit.electricity=2
