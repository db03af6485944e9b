"""Loads the libraries of an image (docs/libraries.md) before the first fork, so that every child already has them.

Theory of operation: a library is imported once, in the mother or, without one, in the zygote. All forks share its memory until they
write to it. A fork copies only the thread that calls it, and closes inherited files, so a library whose import leaves a thread or an
open file is refused: it would hang or fail later, in a script that has done nothing wrong. Libraries for linear algebra start
a thread for each processor unless the environment forbids it, so it does. What a library prints while it is imported goes to
stderr, because descriptor 1 belongs to the server. Files that it writes go to a folder that is removed afterwards.

The state of the generators of random numbers is part of the memory that children share, so each child seeds them anew.
"""
import importlib
import os
import sys
import time

_PACKAGES, _PRELOAD = '--packages=', '--preload='
_ENVIRONMENT = {
    'OPENBLAS_NUM_THREADS': '1', 'OMP_NUM_THREADS': '1', 'MKL_NUM_THREADS': '1', 'NUMEXPR_NUM_THREADS': '1',
    'MPLBACKEND': 'Agg',  # draws into memory
}
_SCRATCH = '/dev/shm/preload'
"""The only folder that is writable in a mother, too."""

_LONGEST_WAIT = 1  # seconds, for a thread that is about to end


class CannotPreload(Exception):
    """A module cannot be loaded ahead of scripts. The text names it, and says why."""

    def __init__(self, name, why):
        super().__init__(f'the module {name} cannot be preloaded: {why}')


def load_libraries(arguments):
    """Loads what the arguments of a zygote or a mother name. CannotPreload at the first module that cannot be loaded."""
    packages = _values(arguments, _PACKAGES)
    modules = _values(arguments, _PRELOAD)
    sys.path.extend(packages)
    if packages or modules:
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
    if modules:
        _load_all(modules)


def seed_again():
    """In a child: seeds the generators of random numbers that libraries share with the process they were loaded in."""
    numpy_random = sys.modules.get('numpy.random')
    if numpy_random is not None:
        numpy_random.seed()


def _values(arguments, option):
    return [argument[len(option):] for argument in arguments if argument.startswith(option)]


def _load_all(modules):
    stdout = os.dup(1)
    os.dup2(2, 1)
    _begin_scratch()
    files = _open_files()
    try:
        for name in modules:
            _load(name)
            _refuse_remains(name, files)
    finally:
        sys.stdout.flush()
        _end_scratch()
        os.dup2(stdout, 1)
        os.close(stdout)


def _load(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        raise CannotPreload(name, f'{type(error).__name__}: {error}') from error


def _refuse_remains(name, files):
    deadline = time.monotonic() + _LONGEST_WAIT
    while (threads := len(os.listdir('/proc/self/task'))) > 1:
        if time.monotonic() > deadline:
            raise CannotPreload(name, f'its import leaves {threads - 1} threads, which a fork does not have')
        time.sleep(0.01)
    for descriptor, path in _open_files().items():
        if files.get(descriptor) != path:
            raise CannotPreload(name, f'its import leaves {path} open, which a fork does not have')


def _open_files():
    """The path of each open file by its descriptor."""
    paths = {}
    for descriptor in os.listdir('/proc/self/fd'):
        try:
            paths[descriptor] = os.readlink(f'/proc/self/fd/{descriptor}')
        except OSError:
            pass  # the descriptor that listdir itself used
    return paths


def _begin_scratch():
    os.mkdir(_SCRATCH)
    os.environ['TMPDIR'] = _SCRATCH
    os.environ['MPLCONFIGDIR'] = f'{_SCRATCH}/matplotlib'


def _end_scratch():
    import shutil
    shutil.rmtree(_SCRATCH)
    for name in ('TMPDIR', 'MPLCONFIGDIR'):
        os.environ.pop(name, None)
    tempfile = sys.modules.get('tempfile')
    if tempfile is not None:
        tempfile.tempdir = None
