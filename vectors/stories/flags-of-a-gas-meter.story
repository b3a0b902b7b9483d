# A gas meter has no power limit to act on: flag 4 is not implemented; its own payment mode is
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      commodity=gas
start       2026-01-01T00:00:00Z

token   power      4699 3861 0947 3165 3313 2/10 flag.index=4 flag.value=true tid=101
token   electric   0448 7900 0238 9176 6693 2/10 flag.index=6 flag.value=false tid=102
token   gas        3749 5958 7479 3808 4073 2/10 flag.index=8 flag.value=false tid=103
token   fallback   4557 5549 9617 2222 5847 2/10 flag.index=11 flag.value=true tid=104

#       action                          result
+0      enter power                     FunctionError
+0      enter electric                  FunctionError
+0      enter fallback                  FunctionError
+0      read                            flags.DisconnectOnPowerLimit=null loadSwitch=open openBecause=NoCredit
+0      enter gas                       Accept
+0      read                            flags.SetGasPaymentMode=false loadSwitch=closed
