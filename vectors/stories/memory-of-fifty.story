# The fiftieth token leaves the first one used, the fifty-first makes it old
meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 keyType=DUTK
meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 decoderKeyGenerationAlgorithm=DKGA04
vendingKey  abababababababab949494949494949401234567
start       2026-01-01T00:00:00Z

token   t1         4988 3484 4943 2692 6236 0/0 amount=1 tid=1001
token   t2         2221 3508 4893 8653 0752 0/0 amount=1 tid=1002
token   t3         0982 0847 3753 4986 2876 0/0 amount=1 tid=1003
token   t4         3944 2749 2308 4359 7146 0/0 amount=1 tid=1004
token   t5         0412 6520 5195 8192 9622 0/0 amount=1 tid=1005
token   t6         6952 8639 7522 8224 3379 0/0 amount=1 tid=1006
token   t7         2570 3979 7289 2583 4130 0/0 amount=1 tid=1007
token   t8         3736 8934 7409 7459 5433 0/0 amount=1 tid=1008
token   t9         7205 5374 5437 9493 1750 0/0 amount=1 tid=1009
token   t10        1968 6921 5514 5605 4068 0/0 amount=1 tid=1010
token   t11        6274 1011 7661 3696 2680 0/0 amount=1 tid=1011
token   t12        3816 4434 2173 4640 9995 0/0 amount=1 tid=1012
token   t13        2225 2138 7422 1972 2709 0/0 amount=1 tid=1013
token   t14        2211 1418 7327 7231 4856 0/0 amount=1 tid=1014
token   t15        5176 7080 7447 5973 4007 0/0 amount=1 tid=1015
token   t16        4181 5852 6798 6023 0314 0/0 amount=1 tid=1016
token   t17        4233 7143 6167 4405 3524 0/0 amount=1 tid=1017
token   t18        6802 2321 6544 4828 9752 0/0 amount=1 tid=1018
token   t19        5254 7617 6348 2886 7492 0/0 amount=1 tid=1019
token   t20        0916 9340 4813 4363 0263 0/0 amount=1 tid=1020
token   t21        4758 9164 8453 2841 7788 0/0 amount=1 tid=1021
token   t22        1582 7083 1646 2279 2306 0/0 amount=1 tid=1022
token   t23        5279 1375 3527 9281 3128 0/0 amount=1 tid=1023
token   t24        5053 2439 0074 4270 5496 0/0 amount=1 tid=1024
token   t25        2881 5788 3364 1513 4384 0/0 amount=1 tid=1025
token   t26        0291 1366 3799 1041 2025 0/0 amount=1 tid=1026
token   t27        5011 5648 0092 8387 3285 0/0 amount=1 tid=1027
token   t28        0988 4686 0292 2376 6713 0/0 amount=1 tid=1028
token   t29        0597 7592 5842 9046 8763 0/0 amount=1 tid=1029
token   t30        1588 8715 4928 1703 0298 0/0 amount=1 tid=1030
token   t31        4349 2423 1137 0729 9223 0/0 amount=1 tid=1031
token   t32        4371 0130 0806 8896 4883 0/0 amount=1 tid=1032
token   t33        2542 9519 0909 7139 6917 0/0 amount=1 tid=1033
token   t34        4950 1334 2542 2047 4375 0/0 amount=1 tid=1034
token   t35        5109 1806 1163 7008 6068 0/0 amount=1 tid=1035
token   t36        0972 6538 1618 8125 2915 0/0 amount=1 tid=1036
token   t37        0166 6580 0951 4036 8209 0/0 amount=1 tid=1037
token   t38        0591 2928 4188 0168 4243 0/0 amount=1 tid=1038
token   t39        1626 3793 4447 8475 3328 0/0 amount=1 tid=1039
token   t40        0946 1527 5342 7726 1514 0/0 amount=1 tid=1040
token   t41        2101 1665 7181 1016 5846 0/0 amount=1 tid=1041
token   t42        3191 3708 4165 6381 5657 0/0 amount=1 tid=1042
token   t43        4105 9322 8859 5026 2474 0/0 amount=1 tid=1043
token   t44        5131 8437 1390 6095 8452 0/0 amount=1 tid=1044
token   t45        4092 8964 2284 9017 3535 0/0 amount=1 tid=1045
token   t46        0534 9498 5768 8487 2607 0/0 amount=1 tid=1046
token   t47        2806 4671 7244 1758 2543 0/0 amount=1 tid=1047
token   t48        1081 6018 2826 4912 9673 0/0 amount=1 tid=1048
token   t49        7153 1006 5995 3457 8023 0/0 amount=1 tid=1049
token   t50        2574 4786 4457 9043 5709 0/0 amount=1 tid=1050
token   t51        3919 4747 3620 4498 6703 0/0 amount=1 tid=1051
token   t52        1635 2269 1715 1492 9780 0/0 amount=1 tid=1052

#       action                          result
+1m     enter t1                        Accept
+1m     enter t2                        Accept
+1m     enter t3                        Accept
+1m     enter t4                        Accept
+1m     enter t5                        Accept
+1m     enter t6                        Accept
+1m     enter t7                        Accept
+1m     enter t8                        Accept
+1m     enter t9                        Accept
+1m     enter t10                       Accept
+1m     enter t11                       Accept
+1m     enter t12                       Accept
+1m     enter t13                       Accept
+1m     enter t14                       Accept
+1m     enter t15                       Accept
+1m     enter t16                       Accept
+1m     enter t17                       Accept
+1m     enter t18                       Accept
+1m     enter t19                       Accept
+1m     enter t20                       Accept
+1m     enter t21                       Accept
+1m     enter t22                       Accept
+1m     enter t23                       Accept
+1m     enter t24                       Accept
+1m     enter t25                       Accept
+1m     enter t26                       Accept
+1m     enter t27                       Accept
+1m     enter t28                       Accept
+1m     enter t29                       Accept
+1m     enter t30                       Accept
+1m     enter t31                       Accept
+1m     enter t32                       Accept
+1m     enter t33                       Accept
+1m     enter t34                       Accept
+1m     enter t35                       Accept
+1m     enter t36                       Accept
+1m     enter t37                       Accept
+1m     enter t38                       Accept
+1m     enter t39                       Accept
+1m     enter t40                       Accept
+1m     enter t41                       Accept
+1m     enter t42                       Accept
+1m     enter t43                       Accept
+1m     enter t44                       Accept
+1m     enter t45                       Accept
+1m     enter t46                       Accept
+1m     enter t47                       Accept
+1m     enter t48                       Accept
+1m     enter t49                       Accept
+1m     enter t1                        UsedError
+1m     enter t50                       Accept
+1m     enter t1                        UsedError
+1m     enter t51                       Accept
+1m     enter t1                        OldError
+1m     enter t2                        UsedError
+1m     enter t52                       Accept credit.electricity=52
+1m     enter t2                        OldError
