"""Builds the layer of a Python script's libraries, as process 1 of a sandbox whose only way out is the registry that the request names.

Theory of operation: the first line of stdout says that the sandbox is built: `{"ready": true}`. Then one line of stdin asks
(faas/build/request.py). Each further line of stdout is one JSON object with one member: `log`, a line of the build's log, and in the
end `refused`, why the libraries cannot be had as they are declared, or `built`, a report. The archive of the layer follows a report
(faas/build/tree.py). The exit status is 0 in both cases; another one is a
defect, whose reason is on stderr.
"""
import sys

sys.path.insert(0, __file__.rpartition('/')[0])
from faas.build.main import main  # noqa: E402

main(sys.stdin, sys.stdout.buffer, sys.argv[1] if len(sys.argv) > 1 else '/tmp/build')
