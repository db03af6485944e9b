"""Rehearses a whole run, without the script, to learn which pages a run needs (pages.py).

Theory of operation: a fork of the zygote, its understudy, does everything that the zygote does in a run. Its own child does
everything that a child does in a run, except the script. The zygote stands still meanwhile. So the pages that only the
understudy maps are those that the zygote writes in a run, and the pages that only the understudy's child maps are those that
a child writes. Both report in frames, on the pipe that the understudy has in place of the server's. A rehearsal takes as long
as several runs, so it is done only once a sandbox has had many, and only where copying ahead may pay (copy_ahead.py).
"""
import marshal
import os
import sys

import _signal

from ..kernel.libc import fork_waiting, set_dumpable
from ..kernel.pages import Pages, areas, used_since_fork, without
from ..script.compile import Program
from ..script.result import to_json
from .frames import HEADER_SIZE, READY, STDOUT
from .program_frame import PROCESS, Script

_LARGEST = 1 << 20  # bytes of both reports


class Rehearsal(Script):
    """Stands in for the script: its program calls `play`."""

    def __init__(self, script, modules, areas):
        code = compile('__loader__.play(event)', script.filename, 'eval', dont_inherit=True)
        super().__init__('', script.filename, PROCESS)
        self.compiled = Program(code)
        self._modules = modules
        self._areas = areas

    def play(self, event):
        """In the understudy's child: does what runs do besides their script, and reports the pages."""
        for name in self._modules:
            __import__(name)
        to_json({'played': event})
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os.write(1, marshal.dumps(used_since_fork(self._areas)))
        return {'played': event}


def rehearse(play):
    """Calls play(areas) in an understudy. (Pages of the zygote, Pages of its children); both are empty when it fails."""
    set_dumpable(True)  # no other process is alive that could look
    mapped = areas()
    set_dumpable(False)
    read_end, write_end = os.pipe()
    pid = fork_waiting()
    if pid == 0:
        try:
            set_dumpable(True)
            os.dup2(write_end, 1)
            before = used_since_fork(mapped)  # by fork hooks, which the zygote does not run
            writer = play(mapped)
            writer.send(READY, marshal.dumps(without(used_since_fork(mapped), before)))
        except BaseException as error:
            os.write(2, f'python zygote: no rehearsal: {type(error).__name__}: {error}\n'.encode('utf-8', 'backslashreplace'))
        finally:
            os._exit(0)
    os.close(write_end)
    with open(read_end, 'rb') as pipe:
        reports = _reports(pipe.read(_LARGEST))
    os.kill(pid, _signal.SIGKILL)
    os.waitpid(pid, 0)
    # A fork has to map again even the pages that it only reads. The zygote still has those.
    return Pages(used for used in reports.get(READY, ()) if used[2]), Pages(reports.get(STDOUT, ()))


def _reports(frames):
    """The reports, by type of frame; none unless both have come."""
    printed = {STDOUT: b'', READY: b''}
    while frames:
        end = HEADER_SIZE + int.from_bytes(frames[1:HEADER_SIZE], 'little')
        if frames[0] in printed:
            printed[frames[0]] += frames[HEADER_SIZE:end]
        frames = frames[end:]
    return {kind: marshal.loads(report) for kind, report in printed.items()} if all(printed.values()) else {}
