# GTP 2 draft 2, 6.3.1: administrative commands.
1 protocol_version
#? [2]
2 name
#? [.+]
3 version
#? [.*]
4 known_command play
#? [true]
5 known_command protocol_version
#? [true]
6 known_command no_such_command
#? [false]
7 list_commands
#? [.*\bknown_command\b.*]
8 list_commands
#? [.*\bgenmove\b.*]
9 no_such_command
#? [\? unknown command]
10 no_such_command with arguments 1 2 3
#? [\? unknown command]
# Every command that the specification requires is there.
11 known_command name
#? [true]
12 known_command version
#? [true]
13 known_command known_command
#? [true]
14 known_command list_commands
#? [true]
15 known_command quit
#? [true]
16 known_command boardsize
#? [true]
17 known_command clear_board
#? [true]
18 known_command komi
#? [true]
19 known_command genmove
#? [true]
# Optional ones that tournaments use.
20 known_command undo
#? [true]
21 known_command time_settings
#? [true]
22 known_command time_left
#? [true]
23 known_command final_score
#? [true]
24 known_command final_status_list
#? [true]
25 known_command fixed_handicap
#? [true]
26 known_command place_free_handicap
#? [true]
27 known_command set_free_handicap
#? [true]
28 known_command loadsgf
#? [true]
29 known_command reg_genmove
#? [true]
30 known_command showboard
#? [true]
