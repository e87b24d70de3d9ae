# GTP 2 draft 2, 6.3.2: boardsize, clear_board, komi.
1 boardsize 9
#? []
2 clear_board
#? []
3 list_stones black
#? []
4 list_stones white
#? []
5 boardsize 19
#? []
6 clear_board
#? []
7 play black Q16
#? []
8 list_stones black
#? [Q16]
9 clear_board
#? []
10 list_stones black
#? []
11 boardsize 1000
#? [\? unacceptable size]
12 boardsize 0
#? [\? unacceptable size]
13 boardsize -3
#? [\?.*]
14 boardsize
#? [\?.*]
15 boardsize nine
#? [\?.*]
# A size that is refused changes nothing.
16 boardsize 9
#? []
17 clear_board
#? []
18 play black C3
#? []
19 boardsize 1000
#? [\? unacceptable size]
20 list_stones black
#? [C3]
21 play white J9
#? []
22 komi 6.5
#? []
23 komi 0
#? []
24 komi -3.5
#? []
25 komi 5
#? []
26 komi 6.50
#? []
27 komi
#? [\? syntax error]
28 komi six
#? [\? syntax error]
# The letter I is no column.
29 boardsize 9
#? []
30 clear_board
#? []
31 play black J1
#? []
32 play white I1
#? [\?.*]
33 play white A9
#? []
34 play white A10
#? [\?.*]
35 play white K1
#? [\?.*]
36 list_stones white
#? [A9]
# Both sides of 13 by 13.
37 boardsize 13
#? []
38 clear_board
#? []
39 play black N13
#? []
40 play white O13
#? [\?.*]
