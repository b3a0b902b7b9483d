# Clear credit: the own register, the currency register, all of them, a foreign one, and no register at all
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   units      3213 0395 0169 7187 3652 0/0 amount=5 tid=100
token   money      5485 4855 7729 3772 4315 0/4 amount=0.1 tid=101
token   units2     0650 8833 6160 6255 0894 0/0 amount=5 tid=102
token   own        5531 5146 5715 7745 0015 2/1 register=0 tid=110
token   currency   4153 2615 4026 7309 3879 2/1 register=4 tid=111
token   water      3562 7971 5499 8719 5994 2/1 register=1 tid=112
token   none       6274 2757 8488 8345 9968   ; clear register 8
token   nearly     5109 1492 2286 7873 8786   ; clear register FFFEh
token   all        3002 4744 4204 3271 7333 2/1 register=65535 tid=115

#       action                          result
+0      enter units                     Accept
+0      enter money                     Accept
+0      enter own                       Accept credit.electricity=0 credit.electricityCurrency=0.1
+0      enter currency                  Accept
+0      read                            credit.electricityCurrency=0
+0      enter water                     FunctionError
+0      enter none                      RangeError tokenStatus=7
+0      enter nearly                    RangeError
+0      enter units2                    Accept credit.electricity=5
+0      enter all                       Accept credit.electricity=0
