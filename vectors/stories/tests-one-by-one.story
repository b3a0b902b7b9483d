# Each standard test by itself, published tokens
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   test1      0000 0000 0001 5099 7584   1/0 control=1 manufacturerCode=00
token   test2      0000 0000 0001 6777 4880   1/0 control=2 manufacturerCode=00
token   test3      0000 0000 0002 0132 8896   1/0 control=4 manufacturerCode=00
token   test4      1844 6744 0738 4377 2416   1/0 control=8 manufacturerCode=00
token   test5      3689 3488 1475 5332 2496   1/0 control=16 manufacturerCode=00
token   test6      0000 0000 0006 7109 3248   1/0 control=32 manufacturerCode=00
token   test7      0000 0000 0012 0797 4400   1/0 control=64 manufacturerCode=00
token   test8      0000 0000 0022 8172 8512   1/0 control=128 manufacturerCode=00
token   test9      0000 0000 0044 2920 8064   1/0 control=256 manufacturerCode=00
token   test10     0000 0000 0087 2419 5840   1/0 control=512 manufacturerCode=00
token   test14     0000 0000 1375 7317 3770   1/0 control=8192 manufacturerCode=00
token   test15     0000 0000 2750 1212 7252   1/0 control=16384 manufacturerCode=00
token   test16     0000 0000 5498 9003 4216   1/0 control=32768 manufacturerCode=00
token   test17     0000 0001 0996 4584 8124   1/0 control=65536 manufacturerCode=00
token   test18     0000 0002 1991 5747 5960   1/0 control=131072 manufacturerCode=00

#       action                          result
+0      enter test1                     Accept display.LoadSwitch=open
+0      enter test2                     Accept
+0      enter test3                     Accept display.RegisterTotals=0
+0      enter test4                     Accept display.KeyRevisionNumber=1
+0      enter test5                     Accept display.TariffIndex=01
+0      enter test6                     Accept display.TokenReader=good
+0      enter test7                     Accept display.MaximumPowerLimit=0
+0      enter test8                     Accept display.TamperStatus=0
+0      enter test9                     Accept display.PowerConsumption=0
+0      enter test10                    Accept
+0      enter test14                    Accept display.EncryptionAlgorithm=07
+0      enter test15                    Accept display.KeyChangeTokensSupported=3
+0      enter test16                    Accept display.SupplyGroupCode=201457
+0      enter test17                    Accept display.KeyExpiryNumber=255
+0      enter test18                    Accept display.DecoderReferenceNumber=00000000000
