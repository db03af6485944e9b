"""The Python mother: process 1 of walls in which no script runs. She forks a child for each sandbox. The child builds walls of
its own and becomes a zygote, as zygote.py is one. Start her with exactly these flags, which zygote.py explains:

    /usr/bin/python3 -I -S -E -B -X frozen_modules=on -X utf8=1 /path/to/runtimes/python/mother.py [milliseconds]

The argument is that of zygote.py, for her children.

Exit statuses: 0 the end of stdin; 70 the server has broken the protocol; 71 she cannot work. The reason is on stderr. A child
exits with the statuses of zygote.py: with 0 when the server is gone before the walls stand, with 71 when they cannot be built.
"""
import sys

sys.path.insert(0, __file__.rpartition('/')[0])
from faas.mother.loop import serve  # noqa: E402

del sys.path[0]
serve()
