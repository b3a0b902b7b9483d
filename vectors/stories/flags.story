# Flags of STS 202-5: set, read, and act
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   sold       3213 0395 0169 7187 3652 0/0 amount=5 tid=100
token   on         2538 9137 8801 4886 9070 2/10 flag.index=2 flag.value=true tid=101
token   off        2304 5515 6471 5697 3810 2/10 flag.index=2 flag.value=false tid=102
token   cts        1288 3309 3342 8694 4098 2/10 flag.index=0 flag.value=true tid=103
token   unknown    6191 8822 5380 7922 0667 2/10 flag.index=12 flag.value=true tid=104
token   highest    3679 6972 7083 0199 9346 2/10 flag.index=511 flag.value=true tid=105
token   readcts    0344 0750 1154 4527 9822                  ; published: read flag 0

#       action                          result
+0      enter sold                      Accept
+0      enter on                        Accept subclass=10
+0      read                            loadSwitch=open openBecause=Disconnected flags.DisconnectService=true
+0      enter off                       Accept
+0      read                            loadSwitch=closed
+0      enter cts                       Accept
+0      enter readcts                   Accept display.ComplianceTest=1
+0      enter unknown                   FunctionError
+0      enter highest                   FunctionError
