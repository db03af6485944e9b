"""Imports modules in the zygote, so that every child already has them: the modules that scripts often use, and those that
the bound program names.

Theory of operation: the modules for all scripts are imported after READY, one at a time, and only while there is no frame to
read. The modules that a program names are imported when the sandbox is bound to it, because otherwise each of its runs would
import them. A module is imported ahead only if it is on the list below. Those modules print nothing, and their import keeps
no secret, random number, thread or open file (random seeds itself again after a fork).
"""
import gc
import importlib
import select
import sys

from .source_traits import names_in

_ALWAYS = ('ast', 'faas.script.toplevel', 'traceback', 'warnings', 'json', 'threading')

_LOADABLE_AHEAD = frozenset('''
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
"""Modules that their package imports only when a script uses this class of theirs."""


class Preload:
    """Imports the modules for all scripts, then further ones."""

    def __init__(self, further):
        self._waiting = [name for name in (*_ALWAYS, *further) if name not in sys.modules]

    def all(self):
        """Imports them all. A zygote that this process forks then has no module left to import."""
        while self._waiting:
            importlib.import_module(self._waiting.pop(0))

    def until_readable(self, descriptor):
        """Goes on until the descriptor is readable, and returns True; or until no module is left, and returns False."""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        is_readable = bool(poll.poll(0))
        if not self._waiting:
            return is_readable
        while self._waiting and not is_readable:
            importlib.import_module(self._waiting.pop(0))
            is_readable = bool(poll.poll(0))
        gc.freeze()  # a child's garbage collector then skips these objects, so their pages stay shared
        return is_readable


def preload_named(program):
    """Imports the modules that the program names, and asyncio if it awaits at top level. Returns their names."""
    names = names_in(program.code).union(*map(names_in, program.modules.values())) | ({'asyncio'} if program.is_coroutine else set())
    wanted = sorted(name for name in _LOADABLE_AHEAD if name in names or _is_imported_from(name, names))
    for name in wanted:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # this interpreter lacks the module: the script's own import will raise the error
    gc.collect()
    gc.freeze()
    return [name for name in wanted if name in sys.modules]


def _is_imported_from(name, names):
    """Whether `from package import module` may name this module."""
    package, _, module = name.rpartition('.')
    return package in names and _CLASS_OF.get(name, module) in names
