# A meter with EA11 takes tokens of its own cipher
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA11 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   sold       0359 2361 2846 1840 6887 0/0 amount=25.6 tid=100
token   first      7063 0503 4700 2872 6114   ; under EA07

#       action                          result
+0      enter sold                      Accept credit.electricity=25.6
+0      enter first                     CRCError
