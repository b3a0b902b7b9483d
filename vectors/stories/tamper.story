# Tamper opens the switch and a token clears it; credit is kept
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   sold       3213 0395 0169 7187 3652 0/0 amount=5 tid=100
token   clear      4520 2519 0833 4491 6455 2/5 value=0 tid=101
token   show       0000 0000 0022 8172 8512  1/0 control=128 manufacturerCode=00

#       action                          result
+0      enter sold                      Accept
+0      consume 1                       consumed=1 loadSwitch=closed
+0      tamper                          tamper=true loadSwitch=open
+0      consume 1                       consumed=0
+0      enter show                      Accept display.TamperStatus=1
+0      enter clear                     Accept credit.electricity=4
+0      read                            tamper=false loadSwitch=closed
+0      enter clear                     UsedError
