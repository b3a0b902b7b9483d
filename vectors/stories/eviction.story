# What the memory has lost is old, no longer used; a memory of three
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
option      tokenMemorySize=3
start       2026-01-01T00:00:00Z

token   a          0641 1730 3900 4141 5868 0/0 amount=1 tid=100
token   b          0955 3358 9226 5173 4914 0/0 amount=1 tid=200
token   c          4048 8257 2144 1586 0031 0/0 amount=1 tid=300
token   d          5512 5888 4122 4523 5826 0/0 amount=1 tid=400
token   between    0598 4591 0724 5193 6360 0/0 amount=1 tid=150

#       action                          result
+0      enter a                         Accept
+1m     enter b                         Accept
+1m     enter c                         Accept
+1m     enter a                         UsedError
+1m     enter d                         Accept credit.electricity=4
+1m     enter a                         OldError
+1m     enter between                   OldError
+1m     enter b                         UsedError
