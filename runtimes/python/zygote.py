"""The Python zygote: process 1 of a sandbox, which forks once for every invocation (runtimes/PROTOCOL.md).

Start it so, with no other option:

    /usr/bin/python3 -I -S -E -B -X frozen_modules=on -X utf8=1 /path/to/runtimes/python/zygote.py [milliseconds]

The argument is how long emptying the folders may take between two invocations; 50 without it.

-I -E  no environment variable and no user's site directory changes it
-S     no site-packages: a script sees the standard library, the same on every machine
-B     the sandbox is read-only; `python3 -m compileall -q runtimes/python` beforehand saves 15 ms a start
-X     frozen_modules: standard modules from the executable (3.11 on); utf8: whatever LANG says

Exit status: 0 the server closed stdin or an END was the last, 70 the server broke the protocol, 71 the zygote cannot keep its promises.
"""
import sys

sys.path.insert(0, __file__.rpartition('/')[0])
from faas.zygote.loop import serve  # noqa: E402

del sys.path[0]
serve()
