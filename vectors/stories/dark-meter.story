# A meter without power takes nothing and forgets nothing
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   first      7063 0503 4700 2872 6114   0/0 amount=0.1 tid=85740     ; published, STS 531-1-07

#       action                          result
+0      power off                       power=off loadSwitch=open
+0      enter first                     NotReady tokenStatus=16 credit.electricity=0
+1d     power on                        power=on
+0      enter first                     Accept credit.electricity=0.1
+0      read                            powerFailures=1
