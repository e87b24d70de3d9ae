# GTP 2 draft 2, 4.1 and 6.3.2: handicap.
boardsize 19
clear_board
1 fixed_handicap 2
#? [(D4 Q16|Q16 D4)]
2 list_stones black
#? [(D4 Q16|Q16 D4)]
3 fixed_handicap 2
#? [\? board not empty]
clear_board
4 fixed_handicap 4
#? [(?=.*D4)(?=.*Q16)(?=.*D16)(?=.*Q4)(\w+ ?){4}]
clear_board
5 fixed_handicap 5
#? [(?=.*D4)(?=.*Q16)(?=.*D16)(?=.*Q4)(?=.*K10)(\w+ ?){5}]
clear_board
6 fixed_handicap 6
#? [(?=.*D10)(?=.*Q10)(?!.*K10)(\w+ ?){6}]
clear_board
7 fixed_handicap 7
#? [(?=.*D10)(?=.*Q10)(?=.*K10)(\w+ ?){7}]
clear_board
8 fixed_handicap 8
#? [(?=.*K4)(?=.*K16)(?!.*K10)(\w+ ?){8}]
clear_board
9 fixed_handicap 9
#? [(?=.*K4)(?=.*K16)(?=.*K10)(\w+ ?){9}]
clear_board
10 fixed_handicap 1
#? [\? invalid number of stones]
11 fixed_handicap 10
#? [\? invalid number of stones]
12 fixed_handicap 0
#? [\? invalid number of stones]
13 fixed_handicap
#? [\?.*]
14 fixed_handicap two
#? [\?.*]
play black C3
15 fixed_handicap 2
#? [\? board not empty]
# On 9 by 9 the stones stand on the third line.
boardsize 9
clear_board
16 fixed_handicap 4
#? [(?=.*C3)(?=.*C7)(?=.*G3)(?=.*G7)(\w+ ?){4}]
# An even side has no middle: 4 at most.
boardsize 10
clear_board
17 fixed_handicap 5
#? [\? invalid number of stones]
18 fixed_handicap 4
#? [(?=.*D?C?3)(\w+ ?){4}]
boardsize 19
clear_board
19 place_free_handicap 2
#? [[A-T]\d+ [A-T]\d+]
clear_board
20 place_free_handicap 1
#? [\? invalid number of stones]
21 place_free_handicap
#? [\?.*]
clear_board
22 set_free_handicap D4 Q16 K10
#? []
23 list_stones black
#? [(?=.*D4)(?=.*Q16)(?=.*K10)(\w+ ?){3}]
24 set_free_handicap C3 D3
#? [\? board not empty]
clear_board
25 set_free_handicap D4
#? [\? bad vertex list]
26 set_free_handicap D4 D4
#? [\? bad vertex list]
27 set_free_handicap D4 pass
#? [\? bad vertex list]
28 list_stones black
#? []
# White moves first in a handicap game.
clear_board
29 fixed_handicap 2
#? [\w+ \w+]
30 play white C3
#? []
31 clear_board
#? []
32 list_stones black
#? []
