# Money is used up at the price of a unit, after the units
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      pricePerUnit=0.025
start       2026-01-01T00:00:00Z

token   units      0641 1730 3900 4141 5868 0/0 amount=1 tid=100
token   money      5485 4855 7729 3772 4315 0/4 amount=0.1 tid=101

#       action                          result
+0      enter units                     Accept credit.electricity=1
+0      enter money                     Accept credit.electricityCurrency=0.1
+0      consume 1.5                     consumed=1.5 credit.electricity=0 credit.electricityCurrency=0.0875 loadSwitch=closed
+0      consume 10                      consumed=3.5 credit.electricity=0 loadSwitch=open
