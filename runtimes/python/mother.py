"""The Python mother: a warm interpreter that never runs a script. She is process 1 of walls that bubblewrap has built, and
forks a child for each sandbox. The child builds walls of its own, and then speaks runtimes/PROTOCOL.md as zygote.py does.
Start her with exactly these flags, which zygote.py explains:

    /usr/bin/python3 -I -S -E -B -X frozen_modules=on -X utf8=1 /path/to/runtimes/python/mother.py [milliseconds] \\
        [--packages=FOLDER]... [--preload=MODULE]...

zygote.py explains the arguments. The modules are imported once, in the mother.

Exit statuses: 0 the end of stdin; 70 the server has broken the protocol; 71 she cannot work: she is not process 1, a list
names a function that may not be called, or a module cannot be loaded ahead. The reason is on stderr. A child exits with the
statuses of zygote.py: also with 0 when the server goes away before the walls are built, and with 71 when a wall cannot be built.
"""
import sys

sys.path.insert(0, __file__.rpartition('/')[0])
from faas.mother.loop import serve  # noqa: E402

del sys.path[0]
serve()
