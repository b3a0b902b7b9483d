# A meter that counts currency only: 100 base units at 2.5 a kWh are 40 kWh
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      creditRegisters=currency pricePerUnit=2.5
start       2026-01-01T00:00:00Z

token   money      5259 6830 4073 1500 9307 0/4 amount=100 tid=100
token   units      4706 9946 6666 4555 0559 0/0 amount=5 tid=101
token   clear      2842 3994 2891 9075 2717 2/1 register=4 tid=102
token   none       6644 5828 1813 4806 4334 2/1 register=0 tid=103

#       action                          result
+0      read                            credit.electricity=null credit.electricityCurrency=0 openBecause=NoCredit
+0      enter money                     Accept credit.electricityCurrency=100.00624 credit.electricity=null
+0      enter units                     FunctionError
+0      consume 30                      consumed=30 credit.electricityCurrency=25.00624
+0      consume 20                      consumed=10.002496 credit.electricityCurrency=0 loadSwitch=open
+0      enter none                      FunctionError
+0      enter clear                     Accept credit.electricityCurrency=0
