# GTP 2 draft 2, 6.3.3: undo.
boardsize 9
clear_board
1 undo
#? [\? cannot undo]
2 play black C3
#? []
3 undo
#? []
4 list_stones black
#? []
5 undo
#? [\? cannot undo]
play black C3
play white D4
6 undo
#? []
7 list_stones white
#? []
8 list_stones black
#? [C3]
# Captured stones come back.
clear_board
play black A1
play white A2
play white B1
9 list_stones black
#? []
10 undo
#? []
11 list_stones black
#? [A1]
12 list_stones white
#? [A2]
# A pass is a move.
clear_board
play black C3
play white pass
13 undo
#? []
14 list_stones black
#? [C3]
15 undo
#? []
16 list_stones black
#? []
# A ko is open again after the undo of the move that closed it.
clear_board
play black C4
play black B3
play black C2
play white D4
play white E3
play white D2
play white C3
17 play black D3
#? []
18 play white C3
#? [\? illegal move]
19 undo
#? []
20 list_stones white
#? [.*\bC3\b.*]
21 play black D3
#? []
# A generated move can be taken back.
clear_board
22 genmove black
#? [[A-HJ][1-9]|pass|resign]
23 undo
#? []
24 list_stones black
#? []
# clear_board leaves nothing to undo.
play black C3
clear_board
25 undo
#? [\? cannot undo]
