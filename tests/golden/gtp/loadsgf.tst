# GTP 2 draft 2, 6.3.6: loadsgf and what fails about it.
boardsize 9
clear_board
1 loadsgf /no/such/file.sgf
#? [\? cannot load file.*]
2 loadsgf
#? [\? .*]
# A file that cannot be loaded changes nothing.
play black C3
3 loadsgf /no/such/file.sgf
#? [\? cannot load file.*]
4 list_stones black
#? [C3]
