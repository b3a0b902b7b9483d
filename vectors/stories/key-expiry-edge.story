# The last minute a key serves, and the first it does not
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=85 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   last       4420 9167 0016 6735 8819 0/0 amount=1 tid=5636095
token   toolate    3583 7092 6548 1274 8904   ; 1 kWh, identifier 5636096
token   limit      6839 4134 1334 5644 6671   ; 5000 W, identifier 5636097

#       action                          result
+0      enter toolate                   KeyExpiredError tokenStatus=11
+0      enter limit                     KeyExpiredError
+0      enter last                      Accept credit.electricity=1
+0      read                            lockoutFailures=0
