# A water meter takes its own credit and nothing for electricity
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      commodity=water
start       2026-01-01T00:00:00Z

token   own        0176 3610 6177 0064 5124 0/1 amount=12.5 tid=100
token   money      3045 3937 4815 9719 2299 0/5 amount=0.1 tid=101
token   electricity 0125 5614 4261 4390 4916 0/0 amount=1 tid=102
token   limit      5343 7142 6220 4914 3015 2/0 watts=5000 tid=103
token   factor     5217 1170 7093 9915 0815 2/7 value=1234 tid=104

#       action                          result
+0      enter own                       Accept credit.water=12.5
+0      enter money                     Accept credit.waterCurrency=0.1
+0      enter electricity               FunctionError
+0      enter limit                     FunctionError
+0      enter factor                    Accept
+0      consume 2.5                     credit.water=10 consumed=2.5
