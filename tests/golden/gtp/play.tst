# GTP 2 draft 2, 6.3.3: play and undo, captures, legality.
boardsize 9
clear_board
komi 6.5
1 play black C3
#? []
2 play white C3
#? [\? illegal move]
3 play black C3
#? [\? illegal move]
4 list_stones black
#? [C3]
5 play B d4
#? []
6 play b E5
#? []
7 play W f6
#? []
8 play WHITE G7
#? []
9 play White pass
#? []
10 play b PASS
#? []
11 play red A1
#? [\?.*]
12 play black
#? [\?.*]
13 play
#? [\?.*]
14 play black Z99
#? [\?.*]
15 play black D
#? [\?.*]
16 list_stones white
#? [(F6 G7|G7 F6)]
# One colour may play twice in a row.
clear_board
17 play black C3
#? []
18 play black D3
#? []
19 list_stones black
#? [(C3 D3|D3 C3)]
# A stone without liberties is removed.
clear_board
play black A1
play white A2
20 play white B1
#? []
21 list_stones black
#? []
22 play black A1
#? [\? illegal move]
23 list_stones black
#? []
# A chain of two is captured at the edge.
clear_board
play black A1
play black B1
play white A2
play white B2
24 play white C1
#? []
25 list_stones black
#? []
# A move that captures needs no liberty of its own.
clear_board
play black A2
play black B1
play white A3
play white B2
play white C1
26 play white A1
#? []
27 list_stones black
#? []
28 list_stones white
#? [.*\bA1\b.*]
# Suicide of a single stone is illegal.
clear_board
play black A2
play black B1
29 play white A1
#? [\? illegal move]
30 list_stones white
#? []
# Suicide of a chain is illegal.
clear_board
play black A3
play black B2
play black B1
play white A2
31 play white A1
#? [\? illegal move]
32 list_stones white
#? [A2]
# Play goes on after two passes.
clear_board
33 play black pass
#? []
34 play white pass
#? []
35 play black E5
#? []
36 list_stones black
#? [E5]
