"""The layer of a script: a folder of libraries that the server has mounted in its sandbox (docs/libraries.md).

Theory of operation: the folder comes last on sys.path, so it hides no module of Python or of an image. Only a process that may run code of
the libraries has it there: modules of the standard library try to import further ones that need not exist, and those could be in it.

What the script imports of it may be imported before the script's first statement runs, by the zygote or by the child that waits for its
order. The statements tell what that is: the code of the program is read, and not run. `import a.b` and `from a import b` are carried out as
they stand, because b may be a module or a name.
"""
import os
import sys
from types import CodeType

from .libraries import set_environment_of_libraries

_RUNTIME = 'faas'
"""The package of this runtime, which a library must not get in place of its own."""


class Layer:
    """A folder of libraries, and who may import them."""

    def __init__(self, path, is_trusted=False, may_import_ahead=True):
        """is_trusted: the zygote may import them. may_import_ahead: they may be imported before there is a run."""
        self.path = path
        self.is_trusted = is_trusted
        self.may_import_ahead = may_import_ahead

    def enter(self):
        """Lets imports of this process find the libraries."""
        set_environment_of_libraries()
        sys.path.append(self.path)

    def leave(self):
        """Undoes that. What has been imported stays."""
        sys.path.remove(self.path)

    def imports(self, program, own):
        """The program's imports of libraries: (module, the names that `from` takes of it), each module once. own: the names of the script's
        own modules. If one of them is the name of a library, too, there are none: which of the two is imported depends on the order."""
        names = self._modules()
        if names & own or _RUNTIME in names:
            return ()
        names -= sys.stdlib_module_names
        found = {}
        for code in _codes(program):
            if any(_is_of(name, names) for name in code.co_names):
                _collect(code, names, found)
        return tuple((module, tuple(taken)) for module, taken in found.items())

    def _modules(self):
        """The modules and packages at the top of the folder."""
        try:
            entries = os.listdir(self.path)
        except OSError:
            return set()
        return {name for name in (entry.partition('.')[0] for entry in entries) if name.isidentifier()}


def carry_out(statement):
    """Imports what one element of `Layer.imports` says."""
    module, taken = statement
    __import__(module, None, None, taken)


def _codes(program):
    """Every code object of the program, those of functions after those around them."""
    codes = [program.code, *program.modules.values()]
    for code in codes:
        codes.extend(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return codes


def _collect(code, names, found):
    from dis import get_instructions
    level = taken = None  # what the two instructions before have loaded: the dots of a relative import, the names after `from`
    for instruction in get_instructions(code):
        if instruction.opname == 'EXTENDED_ARG':
            continue
        if instruction.opname == 'IMPORT_NAME' and level == 0 and _is_of(instruction.argval, names):
            found.setdefault(instruction.argval, {}).update(dict.fromkeys(taken or ()))
        level, taken = taken, instruction.argval


def _is_of(module, names):
    return module.partition('.')[0] in names
