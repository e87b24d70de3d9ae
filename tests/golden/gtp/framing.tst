# GTP 2 draft 2, 2.4 to 2.7: the syntax of requests and the form of answers. Ids are checked with
# every answer. NUL bytes, bare carriage returns and long lines need raw bytes: tests/tools/gtp.
protocol_version
#? [2]
0 protocol_version
#? [2]
1 protocol_version
#? [2]
2147483647 protocol_version
#? [2]
8   protocol_version
#? [2]
9 protocol_version # a comment behind the command
#? [2]
10	protocol_version
#? [2]
11 known_command	play
#? [true]
12 no_such_command # a comment
#? [\? unknown command]
no_such_command
#? [\? unknown command]
13 boardsize 9
#? []
14 play black D4 # a comment behind arguments
#? []
15 list_stones black
#? [D4]
