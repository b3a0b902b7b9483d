# The payment mode flag off: supply flows without credit and uses none up
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   sold       3213 0395 0169 7187 3652 0/0 amount=5 tid=100
token   postpaid   3633 0322 8097 7951 1734 2/10 flag.index=6 flag.value=false tid=101
token   prepaid    0885 6263 3223 0207 4099 2/10 flag.index=6 flag.value=true tid=102
token   water      3201 5880 4951 5157 7884 2/10 flag.index=7 flag.value=false tid=103

#       action                          result
+0      enter postpaid                  Accept
+0      consume 3                       consumed=3 loadSwitch=closed
+0      enter sold                      Accept credit.electricity=5
+0      consume 3                       consumed=3 credit.electricity=5
+0      enter prepaid                   Accept
+0      consume 3                       consumed=3 credit.electricity=2
+0      enter water                     FunctionError
