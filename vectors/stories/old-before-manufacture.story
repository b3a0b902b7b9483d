# Tokens made before the meter are old, one of its own minute and a later one are accepted once
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      manufacturedAt=2020-01-01T08:00:00Z
start       2020-02-01T00:00:00Z

token   before     6213 6736 1523 3143 5849 0/0 amount=1 tid=3155519
token   same       2361 3409 0808 4510 5400 0/0 amount=2 tid=3155520
token   after      7282 8072 8609 2600 8718 0/0 amount=4 tid=3155521

#       action                          result
+0      enter before                    OldError tokenStatus=9
+1m     enter same                      Accept credit.electricity=2
+1m     enter same                      UsedError
+1m     enter after                     Accept credit.electricity=6
+0      enter same                      UsedError
+0      read                            oldestTokenIdentifier=3155520 newestTokenIdentifier=3155521
