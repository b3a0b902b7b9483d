# A third token that waits is dropped when a pair that does not want it is whole
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

change  three      keyRevisionNumber=2 supplyGroupCode=203557 tokens=3
change  two        keyRevisionNumber=2 supplyGroupCode=203557 tokens=2
token   three.3    6329 8338 8640 9664 2218
token   two.1      4526 3251 0016 6031 9489
token   two.2      4008 0823 7041 2698 9193

#       action                          result
+0      enter three.3                   3rdKCT
+0      enter two.1                     1stKCT
+0      enter two.2                     Accept keyRevisionNumber=2
+0      read                            supplyGroupCode=000000 keyChangePending=false
