"""A whole call without a script, played once to learn which pages a call needs (pages.py).

Theory of operation: a fork of the zygote, its understudy, does all that the zygote does in a call, with a process of
its own that does all that a script's does, but for the script. Since the zygote stands still meanwhile, the
understudy's own pages are those that the zygote writes in a call; and those of its process, whose parent it is, are
those that a script's does. Both report in frames on the pipe that the understudy has in the server's place. It is
done after the second call, so that a sandbox of one call does without.
"""
import marshal
import os
import sys

import _signal

from ..kernel.libc import WAITING, fork_under_name, set_dumpable
from ..kernel.pages import Pages, areas, used_since_fork, without
from ..script.compile import Program
from .frames import HEADER, READY, STDOUT
from ..script.result import to_json
from .program_frame import Script

_LARGEST = 1 << 20


class Rehearsal(Script):
    """In a script's place."""

    def __init__(self, script, modules, areas):
        code = compile('__loader__.play(event)', script.filename, 'eval', dont_inherit=True)
        super().__init__('', script.filename, Program(code), False)
        self._modules = modules
        self._areas = areas

    def play(self, event):
        """In the script's process."""
        for name in self._modules:
            __import__(name)
        to_json({'played': event})
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os.write(1, marshal.dumps(used_since_fork(self._areas)))
        return {'played': event}


def rehearse(play):
    """(Pages of the zygote, Pages of its forks), found out by play(areas) in a fork of it; empty when that fails."""
    set_dumpable(True)  # there is nobody who could look
    mapped = areas()
    set_dumpable(False)
    read_end, write_end = os.pipe()
    pid = fork_under_name(WAITING)
    if pid == 0:
        try:
            set_dumpable(True)
            os.dup2(write_end, 1)
            before = used_since_fork(mapped)  # of the hooks that only a child has
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
    # What a fork only reads it has to map again; the zygote has it still.
    return Pages(used for used in reports.get(READY, ()) if used[2]), Pages(reports.get(STDOUT, ()))


def _reports(frames):
    """What was printed, by kind of frame; nothing unless both reported."""
    printed = {STDOUT: b'', READY: b''}
    while frames:
        end = HEADER + int.from_bytes(frames[1:HEADER], 'little')
        if frames[0] in printed:
            printed[frames[0]] += frames[HEADER:end]
        frames = frames[end:]
    return {kind: marshal.loads(report) for kind, report in printed.items()} if all(printed.values()) else {}
