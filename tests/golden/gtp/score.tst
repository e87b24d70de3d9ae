# GTP 2 draft 2, 6.3.5: final_score and final_status_list. A finished game by area on 5 by 5: Black
# owns 15 points and White 10; komi decides.
boardsize 5
clear_board
komi 0.5
play black C1
play black C2
play black C3
play black C4
play black C5
play black A1
play white D1
play white D2
play white D3
play white D4
play white D5
play black A3
play black A5
play white E2
play white E4
1 final_score
#? [B\+4.5]
komi 4
2 final_score
#? [B\+1(\.0)?]
komi 7.5
3 final_score
#? [W\+2.5]
komi 5
4 final_score
#? [0]
5 final_status_list dead
#? []
6 final_status_list seki
#? []
7 final_status_list alive
#? [(?=.*C1)(?=.*D5)(\w+ ?){15}]
8 final_status_list nonsense
#? [\? .*]
