"""Builds the layer of a Python script's libraries, as process 1 of a sandbox whose only way out is the registry that the request names.

Theory of operation: the first line of stdout says that the sandbox is built: `{"ready": true}`. Then one line of stdin asks
(faas/build/request.py). Each further line of stdout is one JSON object with one member: `log`, a line of the build's log, and in the end
`refused`, why the libraries cannot be had as they are declared, `chosen`, a lock, or `built`, a report. The archive of the layer follows a
report (faas/build/tree.py). The exit status is 0 in each case; another one is a defect, whose reason is on stderr.

A build either chooses versions or installs those of a lock. Choosing reads what packages say that they require, which can make pip run
their code; installing a lock does not. So what comes from a sandbox that has chosen versions is a text, which the server checks, and never
a layer, which scripts of others share.
"""
import sys

sys.path.insert(0, __file__.rpartition('/')[0])
from faas.build.main import main  # noqa: E402

main(sys.stdin, sys.stdout.buffer, sys.argv[1] if len(sys.argv) > 1 else '/tmp/build')
