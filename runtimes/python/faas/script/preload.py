"""Modules imported before the fork, so that no invocation spends its time on them.

Theory of operation: what every script may need is imported after READY, one module at a time, only while no
frame is waiting. What a program names is imported when it is bound, for then its invocations would all do it. Only
modules of this list, which keep no secret, random number, thread or open file from their import (random seeds
itself again after a fork), and print nothing.
"""
import gc
import importlib
import select
import sys
from types import CodeType

_FOR_ALL = ['ast', 'faas.script.toplevel', 'traceback', 'warnings', 'json', 'threading']

_FOR_THOSE_WHO_NAME_THEM = frozenset('''
    abc argparse array ast asyncio base64 binascii bisect bz2 calendar cmath codecs collections collections.abc
    concurrent.futures concurrent.futures.thread configparser contextlib contextvars copy copyreg csv dataclasses datetime decimal difflib
    email email.message email.utils enum fnmatch fractions functools glob graphlib gzip hashlib heapq hmac html
    html.parser http http.client inspect io ipaddress itertools json keyword linecache locale logging lzma math
    mimetypes numbers operator pathlib pickle pprint queue random re reprlib secrets select selectors shlex shutil
    signal socket sqlite3 ssl stat statistics string struct subprocess tarfile tempfile textwrap threading time
    traceback types typing unicodedata unittest urllib urllib.error urllib.parse urllib.request uuid warnings
    weakref xml.etree.ElementTree zipfile zlib zoneinfo
'''.split())


_CLASS_OF = {'concurrent.futures.thread': 'ThreadPoolExecutor'}
"""Modules that their package imports when the class is asked for."""


class Warmth:
    """What is still to be imported."""

    def __init__(self):
        self._waiting = list(_FOR_ALL)

    def grow_until_readable(self, descriptor):
        """Imports for all scripts until there is something to read, which it answers, or nothing to import."""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        is_readable = bool(poll.poll(0))
        if not self._waiting:
            return is_readable
        while self._waiting and not is_readable:
            importlib.import_module(self._waiting.pop(0))
            is_readable = bool(poll.poll(0))
        gc.freeze()  # the collector of a fork leaves these alone, and so their pages shared
        return is_readable


def warm(program):
    """Imports what the program's code names and, for `await`, its loop; the names of these modules."""
    names = _names(program.code) | ({'asyncio'} if program.is_coroutine else set())
    wanted = sorted(name for name in _FOR_THOSE_WHO_NAME_THEM if name in names or _is_imported_from(name, names))
    for name in wanted:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # not built into this interpreter: the script's own import will say so
    gc.collect()
    gc.freeze()
    return [name for name in wanted if name in sys.modules]


def _is_imported_from(name, names):
    """Whether it may be what `from package import module` names."""
    package, _, module = name.rpartition('.')
    return package in names and _CLASS_OF.get(name, module) in names


def _names(code):
    names, pending = set(), [code]
    while pending:
        code = pending.pop()
        names.update(code.co_names)
        pending.extend(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return names
