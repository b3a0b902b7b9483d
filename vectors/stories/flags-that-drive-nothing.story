# Flags that would change nothing in this meter are not implemented: shown by no list, and refused
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   frequency  3693 0289 5712 5317 5331 2/10 flag.index=5 flag.value=true tid=101
token   commission 1349 6365 6567 1004 3617 2/10 flag.index=10 flag.value=false tid=102
token   fallback   2647 0761 9005 8845 7115 2/10 flag.index=11 flag.value=true tid=103
token   water      2124 2768 2555 8954 5543 2/10 flag.index=7 flag.value=false tid=104
token   power      3771 6366 6985 3556 7140 2/10 flag.index=4 flag.value=false tid=105
token   tamper     7036 7045 9817 3101 8061 2/10 flag.index=1 flag.value=false tid=106

#       action                          result
+0      enter frequency                 FunctionError subclass=10
+0      enter commission                FunctionError
+0      enter fallback                  FunctionError
+0      enter water                     FunctionError
+0      read                            flags.DisconnectOnUnderFrequency=null flags.CommissioningMode=null newestTokenIdentifier=0
+0      enter power                     Accept
+0      read                            flags.DisconnectOnPowerLimit=false
+0      enter tamper                    Accept
+0      tamper                          tamper=false loadSwitch=open
