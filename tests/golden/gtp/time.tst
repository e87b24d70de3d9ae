# GTP 2 draft 2, 4.2 and 6.3.4: time.
boardsize 9
clear_board
1 time_settings 60 0 0
#? []
2 time_settings 0 30 1
#? []
3 time_settings 300 60 25
#? []
4 time_settings 0 0 0
#? []
5 time_settings 0 60 0
#? []
6 time_settings 60
#? [\? syntax error]
7 time_settings
#? [\? syntax error]
8 time_settings a b c
#? [\? syntax error]
time_settings 60 0 0
9 time_left black 50 0
#? []
10 time_left w 50 0
#? []
11 time_left white 30 10
#? []
12 time_left black
#? [\? syntax error]
13 time_left
#? [\? syntax error]
14 time_left red 10 0
#? [\? syntax error]
15 time_left black soon 0
#? [\? syntax error]
# A move with next to no time left is still a move.
16 time_left black 1 0
#? []
17 genmove black
#? [[A-HJ][1-9]|pass|resign]
