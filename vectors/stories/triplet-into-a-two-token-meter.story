# A meter for pairs lacks the third token and ignores the bit that announces it
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      keyChangeTokensSupported=2
start       2026-01-01T00:00:00Z

change  new        keyRevisionNumber=2 supplyGroupCode=203557 tokens=3
token   new.1      2557 3086 5684 6464 5035
token   new.2      4008 0823 7041 2698 9193
token   new.3      6329 8338 8640 9664 2218

#       action                          result
+0      enter new.3                     FunctionError
+0      enter new.1                     1stKCT
+0      enter new.2                     Accept keyRevisionNumber=2
+0      read                            supplyGroupCode=000000
