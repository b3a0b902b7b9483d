# Between two sections other tokens work with the old key and forget nothing
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

change  new        keyRevisionNumber=2 tariffIndex=02 tokens=2
token   new.1      3354 0151 9465 0694 3773
token   new.2      3204 8325 5075 8299 5619
token   sold       3213 0395 0169 7187 3652 0/0 amount=5 tid=100
token   krn        1844 6744 0738 4377 2416  1/0 control=8 manufacturerCode=00

#       action                          result
+0      enter new.1                     1stKCT
+1m     enter sold                      Accept credit.electricity=5
+0      enter sold                      UsedError
+0      enter krn                       Accept display.KeyRevisionNumber=1
+1m     enter new.2                     Accept keyRevisionNumber=2 credit.electricity=5
