"""A script's source to code.

Theory of operation: a source that compiles as a module is that module, unchanged. Else it may be one because of
`await` outside a function, which the compiler itself allows on demand (the flag of `python -m asyncio`), or
because of `return` there, which toplevel.py makes possible. Whatever is wrong besides is then found by the same
compiler with the same words as in a file.

Nothing of the script runs here, but the parser itself may die of it (stack, memory), so this runs only in a
process that may.
"""
import sys

CO_COROUTINE = 0x80  # inspect.CO_COROUTINE
ALLOW_TOP_LEVEL_AWAIT = 0x2000  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class Program:
    """Code to run as __main__, and the warnings that its compilation gave: (category's name, text, line)."""

    def __init__(self, code, warnings=()):
        self.code = code
        self.warnings = warnings

    @property
    def is_coroutine(self):
        """Whether it awaits something outside a function."""
        return bool(self.code.co_flags & CO_COROUTINE)


class Refusal:
    """Why a source does not compile, and where: 1-based, in characters."""

    def __init__(self, message, line=1, column=1):
        self.message = message
        self.line = line
        self.column = column


def build(source, filename):
    """A Program or a Refusal."""
    import warnings
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        source = without_byte_order_mark(source)
        outcome = _refusal_of_characters(source) or _build(source, filename)
    if isinstance(outcome, Program):
        outcome.warnings = tuple(dict.fromkeys(
            (warning.category.__name__, str(warning.message), warning.lineno) for warning in caught))
    return outcome


def without_byte_order_mark(source):
    """The source as the compiler wants it; a file may begin with the mark, a string may not."""
    return source[1:] if source.startswith('\ufeff') else source


def _build(source, filename):
    try:
        return Program(compile(source, filename, 'exec', dont_inherit=True))
    except SyntaxError as error:
        refusal = _refusal(error, source, counts_bytes=False)
    except Exception as error:
        return _too_much(error)
    import ast
    try:
        tree = ast.parse(source, filename)
    except SyntaxError:
        return refusal
    except Exception as error:
        return _too_much(error)
    recursion_limit = sys.getrecursionlimit()
    sys.setrecursionlimit(4 * recursion_limit)  # a tree handed back to the compiler may be a quarter as deep
    try:
        return Program(_compile_at_top_level(tree, source, filename))
    except SyntaxError as error:
        return _refusal(error, source, counts_bytes=True)
    except Exception as error:
        return _too_much(error)
    finally:
        sys.setrecursionlimit(recursion_limit)


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
    """RecursionError, MemoryError, OverflowError: what the compiler cannot take, and where is not known."""
    return Refusal(f'{type(error).__name__}: {error}' if str(error) else type(error).__name__)


def _refusal_of_characters(source):
    position = source.find('\0')
    if position >= 0:
        return Refusal('source code cannot contain null bytes', *_place(source, position))
    try:
        source.encode()
    except UnicodeEncodeError as error:
        number = ord(source[error.start])
        return Refusal(f'source code cannot contain the lone surrogate U+{number:04X}', *_place(source, error.start))
    return None


def _place(source, position):
    lines = _lines(source[:position])
    return len(lines), len(lines[-1]) + 1


def _lines(source):
    """As the tokenizer counts them; str.splitlines knows more ends of line."""
    return source.replace('\r\n', '\n').replace('\r', '\n').split('\n')


def _refusal(error, source, counts_bytes):
    """The parser gives a column in characters; what comes after it counts bytes of UTF-8."""
    line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
    lines = _lines(source)
    if counts_bytes and line <= len(lines):
        column = len(lines[line - 1].encode()[:column - 1].decode('utf-8', 'ignore')) + 1
    return Refusal(error.msg, line, column)
