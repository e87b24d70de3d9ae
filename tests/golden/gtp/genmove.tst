# GTP 2 draft 2, 6.3.3 and 6.3.6: genmove, reg_genmove.
boardsize 9
clear_board
komi 6.5
1 genmove black
#? [[A-HJ][1-9]|pass|resign]
2 genmove white
#? [[A-HJ][1-9]|pass|resign]
3 genmove B
#? [[A-HJ][1-9]|pass|resign]
# One colour may be asked twice in a row.
4 genmove black
#? [[A-HJ][1-9]|pass|resign]
5 genmove
#? [\? .*]
6 genmove red
#? [\? .*]
# The regression move is not played.
clear_board
7 reg_genmove black
#? [[A-HJ][1-9]|pass]
8 list_stones black
#? []
9 list_stones white
#? []
# A move is played: the point is taken.
clear_board
play black A1
play white A2
10 play white B1
#? []
11 reg_genmove black
#? [!A1]
# Asked for after both have passed, it answers.
clear_board
play black pass
play white pass
12 genmove black
#? [[A-HJ][1-9]|pass|resign]
