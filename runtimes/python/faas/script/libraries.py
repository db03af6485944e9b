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

_PACKAGES, _PRELOAD = '--packages=', '--preload='
_ENVIRONMENT = {
    'OPENBLAS_NUM_THREADS': '1', 'OMP_NUM_THREADS': '1', 'MKL_NUM_THREADS': '1', 'NUMEXPR_NUM_THREADS': '1',
    'MPLBACKEND': 'Agg',  # draws into memory
}
_SCRATCH = '/dev/shm/preload'
"""The only folder that is writable in a mother, too."""


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
        set_environment_of_libraries()
    if modules:
        _load_all(modules)


def set_environment_of_libraries():
    """Sets what the environment does not say otherwise."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def seed_again():
    """In a child: seeds the generators of random numbers that libraries share with the process they were loaded in."""
    numpy_random = sys.modules.get('numpy.random')
    if numpy_random is not None:
        numpy_random.seed()


def _values(arguments, option):
    return [argument[len(option):] for argument in arguments if argument.startswith(option)]


class Apart:
    """While it is entered, what libraries read and print does not disturb the server."""

    def __enter__(self):
        self._standard = os.dup(0), os.dup(1)
        nothing = os.open('/dev/null', os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)

    def __exit__(self, *error):
        sys.stdout.flush()
        for descriptor, saved in enumerate(self._standard):
            os.dup2(saved, descriptor)
            os.close(saved)


def _load_all(modules):
    from .remains import Remains
    with Apart():
        _begin_scratch()
        try:
            remains = Remains()
            for name in modules:
                _load(name)
                why = remains.why()
                if why is not None:
                    raise CannotPreload(name, why)
        finally:
            _end_scratch()


def _load(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        raise CannotPreload(name, f'{type(error).__name__}: {error}') from error


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
