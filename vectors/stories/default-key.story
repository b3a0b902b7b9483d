# A default key takes management and key changes, but no credit
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DDTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

change  unique     keyType=DUTK keyRevisionNumber=2 tokens=2
token   credit     4823 7828 2982 5071 5760                              ; published scenario: credit under the default key
token   limit      6753 5989 5326 6533 3307 2/0 watts=5000 tid=200
token   unique.1   2822 2641 4920 5278 7371
token   unique.2   0628 1415 9038 1889 0457
token   sold       3599 6087 7941 6270 5850 0/0 amount=1 tid=300 under=unique

#       action                          result
+0      enter credit                    DDTKError tokenStatus=12
+0      enter limit                     Accept
+0      enter unique.1                  1stKCT
+0      enter unique.2                  Accept
+0      read                            keyType=DUTK
+0      enter sold                      Accept credit.electricity=1
