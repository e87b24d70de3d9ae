# Ko and superko. GTP leaves the ko rule to the controller; positional superko is expected here
# (GNU Go: --positional-superko).
boardsize 5
clear_board
komi 0.5
play black B4
play black A3
play black B2
play white C4
play white D3
play white C2
play white B3
1 play black C3
#? []
2 list_stones white
#? [(?!.*B3).*]
3 play white B3
#? [\? illegal move]
# The forbidden move changes nothing.
4 list_stones black
#? [.*\bC3\b.*]
# After moves elsewhere the ko may be taken back.
5 play white E5
#? []
6 play black E1
#? []
7 play white B3
#? []
8 play black C3
#? [\? illegal move]
# After two passes the position would repeat: positional superko forbids the recapture.
clear_board
play black B4
play black A3
play black B2
play white C4
play white D3
play white C2
play white B3
9 play black C3
#? []
10 play white pass
#? []
11 play black pass
#? []
12 play white B3
#? [\? illegal move]
# Capturing two stones by filling the last liberty of both sides is no suicide.
clear_board
play black A2
play black B2
play black C1
play white A3
play white B3
play white C2
play white A1
13 play white B1
#? []
14 list_stones black
#? [C1]
