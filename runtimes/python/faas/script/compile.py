"""Compiles a script.

Theory of operation: a source that compiles as a module is used as that module. Otherwise the reason may be an `await` outside
a function, which the compiler allows on demand (the flag of `python -m asyncio`), or a `return` there, which toplevel.py
makes possible. Any other error is found by the same compiler, with the same message as for a file.

No statement of the script runs here. But a source can crash the parser itself (stack, memory), so this code runs only in a
process that may die.
"""
import sys

from .source_traits import VALUE, source_traits

CO_COROUTINE = 0x80  # inspect.CO_COROUTINE
ALLOW_TOP_LEVEL_AWAIT = 0x2000  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class Program:
    """Code to run as __main__, and what was found out when it was compiled."""

    def __init__(self, code, warnings=(), handlers=(), input_use=VALUE, modules={}):
        """warnings: (name of the category, text, line). handlers, input_use: see source_traits.py. modules: the code of the other Python
        files of a tree, by their names."""
        self.code = code
        self.warnings = warnings
        self.handlers = handlers
        self.input_use = input_use
        self.modules = modules

    @property
    def is_coroutine(self):
        """Whether there is an `await` outside a function."""
        return bool(self.code.co_flags & CO_COROUTINE)


class CompileError:
    """Why and where a source does not compile: line and column are 1-based, in characters; file is that of a tree, or None; name is that
    of a class of SyntaxError's own, or None. Returned, never raised."""

    modules = {}

    def __init__(self, message, line=1, column=1, file=None, name=None):
        self.message = message
        self.line = line
        self.column = column
        self.file = file
        self.name = name


def compile_whole(script, as_function=False):
    """A Program or a CompileError of a script of PROGRAM: of its source and, in a tree, of all other Python files."""
    compiled = compile_script(script.source, script.shown_as, as_function)
    if script.tree is None:
        return compiled
    if isinstance(compiled, CompileError):
        compiled.file = script.tree.entry
        return compiled
    modules = {}
    for name, source in script.tree.sources:
        module = _compile_module(source, name)
        if isinstance(module, CompileError):
            module.file = name
            return module
        modules[name] = module
    compiled.modules = modules
    return compiled


def _compile_module(source, name):
    """The code of a module, or a CompileError. A module has neither `return` nor `await` at its top level."""
    import warnings
    error = _error_in_characters(source)
    if error is not None:
        return error
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        try:
            return compile(source, name, 'exec', dont_inherit=True)
        except SyntaxError as error:
            return _error(error, source, counts_bytes=False)
        except Exception as error:
            return _too_much(error)


def compile_script(source, filename, as_function=False):
    """A Program or a CompileError. as_function: its code is that of a function of event and input, not that of a module."""
    import warnings
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        source = without_byte_order_mark(source)
        compiled = _error_in_characters(source) or _compile(source, filename)
        if isinstance(compiled, Program):
            traits = source_traits(source, compiled.code)
            if as_function:
                compiled = _compile_as_function(source, filename, compiled.is_coroutine)
        if isinstance(compiled, Program):
            compiled.handlers, compiled.input_use = traits
    if isinstance(compiled, Program):
        compiled.warnings = tuple(dict.fromkeys(
            (warning.category.__name__, str(warning.message), warning.lineno) for warning in caught))
    return compiled


def without_byte_order_mark(source):
    """The source without the mark: a file may begin with it, a string to compile may not."""
    return source[1:] if source.startswith('\ufeff') else source


def _compile(source, filename):
    try:
        return Program(compile(source, filename, 'exec', dont_inherit=True))
    except SyntaxError as error:
        module_error = _error(error, source, counts_bytes=False)
    except Exception as error:
        return _too_much(error)
    import ast
    try:
        tree = ast.parse(source, filename)
    except SyntaxError:
        return module_error
    except Exception as error:
        return _too_much(error)
    recursion_limit = sys.getrecursionlimit()
    sys.setrecursionlimit(4 * recursion_limit)  # the compiler accepts a tree only a quarter as deep as a source
    try:
        return Program(_compile_at_top_level(tree, source, filename))
    except SyntaxError as error:
        return _error(error, source, counts_bytes=True)
    except Exception as error:
        return _too_much(error)
    finally:
        sys.setrecursionlimit(recursion_limit)


def _compile_as_function(source, filename, is_coroutine):
    import ast

    from . import toplevel
    try:
        return Program(toplevel.compile_as_function(ast.parse(source, filename), filename, is_coroutine))
    except SyntaxError as error:
        return _error(error, source, counts_bytes=True)
    except Exception as error:
        return _too_much(error)


def _compile_at_top_level(tree, source, filename):
    import ast

    from . import toplevel
    with_return = toplevel.has_return(tree)
    toplevel.drop_returns(tree)
    code = compile(tree, filename, 'exec', ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    if not with_return:
        return code
    return toplevel.compile_with_return(ast.parse(source, filename), filename, bool(code.co_flags & CO_COROUTINE))


def _too_much(error):
    """For RecursionError, MemoryError, OverflowError: the compiler's limits, which have no position."""
    return CompileError(f'{type(error).__name__}: {error}' if str(error) else type(error).__name__)


def _error_in_characters(source):
    position = source.find('\0')
    if position >= 0:
        return CompileError('source code cannot contain null bytes', *_place(source, position))
    try:
        source.encode()
    except UnicodeEncodeError as error:
        number = ord(source[error.start])
        return CompileError(f'source code cannot contain the lone surrogate U+{number:04X}', *_place(source, error.start))
    return None


def _place(source, position):
    lines = _lines(source[:position])
    return len(lines), len(lines[-1]) + 1


def _lines(source):
    """The lines as the tokenizer counts them; str.splitlines splits at more characters."""
    return source.replace('\r\n', '\n').replace('\r', '\n').split('\n')


def _error(error, source, counts_bytes):
    """The CompileError for a SyntaxError. The parser counts columns in characters, the later passes in bytes of UTF-8."""
    line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
    lines = _lines(source)
    if counts_bytes and line <= len(lines):
        column = len(lines[line - 1].encode()[:column - 1].decode('utf-8', 'ignore')) + 1
    return CompileError(error.msg, line, column, name=None if type(error) is SyntaxError else type(error).__name__)
