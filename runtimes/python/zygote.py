"""The Python zygote: process 1 of a sandbox, which forks once for every run. Speaks runtimes/PROTOCOL.md on its stdin and
stdout. Start it with exactly these flags:

    /usr/bin/python3 -I -S -E -B -X frozen_modules=on -X utf8=1 /path/to/runtimes/python/zygote.py [milliseconds] \\
        [--packages=FOLDER]... [--preload=MODULE]...

The first argument limits how long restoring the folders may take between two runs; the default is 50. Each folder with packages
goes behind those of the standard library on sys.path, and each module is imported before READY.

-I -E  no environment variable and no user's site directory affects it
-S     no site-packages: a script sees only the standard library, the same on every machine
-B     the sandbox is read-only; `python3 -m compileall -q runtimes/python` beforehand saves 15 ms a start
-X     frozen_modules: loads standard modules from the executable (Python 3.11 on); utf8: ignores LANG

Exit statuses: 0 the end of stdin, or after an END that was the last; 70 the server has broken the protocol; 71 the zygote
cannot keep the promise of END, is not process 1, or cannot load a module ahead. The reason is on stderr.
"""
import sys

sys.path.insert(0, __file__.rpartition('/')[0])
from faas.zygote.start import serve  # noqa: E402

del sys.path[0]
serve()
