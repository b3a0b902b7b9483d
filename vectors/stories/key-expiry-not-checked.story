# A meter that leaves expiry to the point of sale
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=85 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      keyExpiryCheck=false
start       2026-01-01T00:00:00Z

token   toolate    3583 7092 6548 1274 8904   ; 1 kWh, identifier 5636096

#       action                          result
+0      enter toolate                   Accept credit.electricity=1
