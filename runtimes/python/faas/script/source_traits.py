"""What the text of a script tells about it, beyond its code: which handlers it defines, and how it uses the name `input`.

Theory of operation: both are read off the syntax tree, once, when the script is compiled. Most scripts name neither `input` nor
a handler, which their code already tells, so their tree is not made. No function here recurses into the tree, which may be deep.
"""
import builtins
from types import CodeType

__builtins__ = dict(vars(builtins))  # this runs in the script's process, too: see result.py

HANDLERS = ('handler', 'lambda_handler', 'handle', 'main')
"""The names of functions that are called without being named at upload, the first one first."""

VALUE, FUNCTION, BOTH = 'value', 'function', 'both'
"""What a script takes the global `input` for: the event, as everywhere in Faas; the function of Python; or now this, now that."""

_TAKE_A_FUNCTION = ('iter', 'map')


def names_in(code):
    """Every name that the code uses, also in functions."""
    names, pending = set(), [code]
    while pending:
        code = pending.pop()
        names.update(code.co_names)
        pending.extend(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return names


def source_traits(source, code):
    """(handlers that the script defines and does not use itself, use of `input`) of a source that compiles to this code."""
    names = names_in(code)
    candidates = [name for name in HANDLERS if name in names]
    if not candidates and 'input' not in names:
        return (), VALUE
    import ast
    try:
        tree = ast.parse(source)
    except Exception:  # the tree is too deep, although its code was not
        return (), VALUE
    used = _read_at_top_level(tree) if candidates else ()
    return tuple(name for name in candidates if name not in used), _use_of_input(tree)


def _read_at_top_level(tree):
    """The names that statements outside functions read, so that a handler that the script calls itself is not called again."""
    import ast
    names, pending = set(), [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            pending += [*node.decorator_list, node.args]
        elif not isinstance(node, ast.Lambda):
            pending += ast.iter_child_nodes(node)
    return names


def _use_of_input(tree):
    import ast
    called, read = 0, 0
    for node in ast.walk(tree):
        if _is_input(node):
            read += 1
        elif isinstance(node, ast.Call):
            called += _is_input(node.func) or (
                isinstance(node.func, ast.Name) and node.func.id in _TAKE_A_FUNCTION and bool(node.args) and _is_input(node.args[0]))
    return VALUE if not called else FUNCTION if called == read else BOTH


def _is_input(node):
    import ast
    return isinstance(node, ast.Name) and node.id == 'input' and isinstance(node.ctx, ast.Load)
