# The largest amount a token carries
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   largest    4060 3306 2981 6035 7207 0/0 amount=1820162.4 tid=100
token   more       0527 2618 5077 3980 9922 0/0 amount=0.1 tid=101

#       action                          result
+0      enter largest                   Accept credit.electricity=1820162.4
+0      enter more                      Accept credit.electricity=1820162.5
