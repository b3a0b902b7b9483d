# Tokens may be entered in another order than they were bought
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   monday     1937 7343 0805 8399 2486 0/0 amount=1 tid=1000
token   tuesday    7052 2948 5655 7158 9944 0/0 amount=2 tid=2440
token   friday     5050 2213 7754 2465 4760 0/0 amount=4 tid=6760

#       action                          result
+0      enter friday                    Accept
+1m     enter monday                    Accept
+1m     enter tuesday                   Accept credit.electricity=7
+1m     enter monday                    UsedError
+1m     enter friday                    UsedError
