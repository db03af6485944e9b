"""Makes `return` outside a function possible.

Theory of operation: the script's statements become the body of a function, and the code of that function is evaluated as a
module's code would be. These changes make it behave as a module:

    names       every name bound at top level is declared global. So it lives in __main__, nested functions find it
                there, and functions and classes get the qualified names that they have in a module
    locals()    without CO_OPTIMIZED and CO_NEWLOCALS the code runs in the given namespace, so exec, eval, locals, vars
                and dir see __main__'s globals. From Python 3.12 on, comprehensions keep their variables in the
                function's frame, where locals() would find them: they get names that no script can have
    import *    is not allowed in a function: the statement is compiled on its own, as a module, and evaluated in place
    x: int      has no effect in a function: replaced by statements with the effect that it has in a module
    docstring   is assigned to __doc__
    __future__  is also put in front of the function; the statement stays, because it binds a name

Statements that a module may not contain (yield, nonlocal, …) are refused before this, when the script is compiled without its
returns. No function here recurses into the tree, which may be deep.
"""
import ast
from types import CodeType

_NAME = '<module>'
_WRAPPER = _NAME + ' \0'  # a name that no script can contain
_INSIDE = _WRAPPER + '.<locals>.'
_CO_OPTIMIZED, _CO_NEWLOCALS = 0x1, 0x2  # see inspect
_STAR = 'import * \0'
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def has_return(tree):
    """Whether there is a `return` outside every function."""
    return any(isinstance(statement, ast.Return) for statements in _blocks(tree) for statement in statements)


def drop_returns(tree):
    """Replaces every `return` outside a function by its expression, in place."""
    def dropped(statement):
        if not isinstance(statement, ast.Return):
            return [statement]
        return [_at(statement, ast.Expr, statement.value or _at(statement, ast.Constant, None))]
    _rewrite(tree, dropped)


def compile_with_return(tree, filename, is_coroutine):
    """Code that eval(code, namespace) runs as a module, and whose value is the returned one. Changes the tree."""
    futures = [statement for statement in tree.body if _is_future(statement)]
    _assign_docstring(tree)
    stars = _as_in_module(tree, filename, any(
        name.name == 'annotations' for statement in futures for name in statement.names))
    body = tree.body
    names = _compile(body, futures, filename, is_coroutine)
    bound = sorted({*names.co_varnames, *names.co_cellvars})
    if bound:
        body = [ast.Global(bound, lineno=1, col_offset=0, end_lineno=1, end_col_offset=0), *body]
    return _as_module_code(_compile(body, futures, filename, is_coroutine), stars)


def compile_as_function(tree, filename, is_coroutine):
    """Code of a function of event and input, to whose calls the names of the top level belong. Changes the tree.

    `import *` binds names in the globals, since a function may not contain it.
    """
    stars = []

    def replaced(statement):
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == '*':
            stars.append(compile(ast.Module([statement], []), filename, 'exec', dont_inherit=True))
            return [_evaluate_star(statement, _STAR + str(len(stars) - 1), in_globals=True)]
        return [statement]

    _rewrite(tree, replaced)
    futures = [statement for statement in tree.body if _is_future(statement)]
    code = _compile(tree.body, futures, filename, is_coroutine, 'event, input')
    return _with_consts(_unnested(code), stars)


def _blocks(tree):
    """Yields each list of statements outside functions and classes. The caller may change the list that it was given last."""
    pending = [tree.body]
    while pending:
        statements = pending.pop()
        yield statements
        for statement in statements:
            if not isinstance(statement, _SCOPES):
                for field in ('body', 'orelse', 'finalbody'):
                    pending.append(getattr(statement, field, []))
                for part in (*getattr(statement, 'handlers', ()), *getattr(statement, 'cases', ())):
                    pending.append(part.body)


def _rewrite(tree, replace):
    for statements in _blocks(tree):
        statements[:] = [new for statement in statements for new in replace(statement)]


def _at(place, kind, *fields):
    return ast.copy_location(kind(*fields), place)


def _is_future(statement):
    return isinstance(statement, ast.ImportFrom) and statement.module == '__future__' and statement.level == 0


def _assign_docstring(tree):
    text = ast.get_docstring(tree, clean=False)
    if text is None:
        return
    first = tree.body[0]
    scope = {}
    exec(compile(ast.Module([first], []), '', 'exec', dont_inherit=True), scope)  # strips indentation as this version of Python does
    tree.body[0] = _assign(first, _at(first, ast.Name, '__doc__', ast.Store()), _at(first, ast.Constant, scope['__doc__']))


def _assign(place, target, value):
    return ast.copy_location(ast.Assign([target], value, lineno=place.lineno), place)


def _as_in_module(tree, filename, annotations_are_text):
    """Replaces the statements that differ between a function and a module. Returns the code of each `import *`, in order."""
    stars = []

    def replaced(statement):
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == '*':
            stars.append(compile(ast.Module([statement], []), filename, 'exec', dont_inherit=True))
            return [_evaluate_star(statement, _STAR + str(len(stars) - 1))]
        if isinstance(statement, ast.AnnAssign):
            return _annotate(statement, annotations_are_text)
        return [statement]

    _rewrite(tree, replaced)
    return stars


def _evaluate_star(place, placeholder, in_globals=False):
    """The call __builtins__.exec(code of the statement). exec is no Python function, so it works on the script's own frame."""
    def builtin(name, *arguments):
        builtins = _at(place, ast.Name, '__builtins__', ast.Load())
        return _at(place, ast.Call, _at(place, ast.Attribute, builtins, name, ast.Load()), list(arguments), [])

    code = _at(place, ast.Constant, placeholder)
    return _at(place, ast.Expr, builtin('exec', code, *([builtin('globals')] if in_globals else [])))


def _annotate(statement, annotations_are_text):
    target, annotation = statement.target, statement.annotation
    done = []
    if statement.value:
        done.append(_assign(statement, target, statement.value))
    elif isinstance(target, (ast.Attribute, ast.Subscript)):
        parts = [target.value] if isinstance(target, ast.Attribute) else [target.value, target.slice]
        done.extend(_at(statement, ast.Expr, part) for part in parts)
    if statement.simple:
        if annotations_are_text:
            annotation = _at(annotation, ast.Constant, ast.unparse(annotation))
        table = _at(statement, ast.Name, '__annotations__', ast.Load())
        key = _at(statement, ast.Constant, target.id)
        done.append(_assign(statement, _at(statement, ast.Subscript, table, key, ast.Store()), annotation))
    elif not annotations_are_text:
        done.append(_at(statement, ast.Expr, annotation))
    return done or [_at(statement, ast.Pass)]


def _compile(body, futures, filename, is_coroutine, parameters=''):
    function = ast.parse(f'{"async " if is_coroutine else ""}def f({parameters}): pass').body[0]
    function.name = _WRAPPER
    function.body = body
    module = compile(ast.Module([*futures, function], []), filename, 'exec', dont_inherit=True)
    return next(constant for constant in module.co_consts if isinstance(constant, CodeType))


def _as_module_code(code, stars):
    code = _with_consts(_unnested(code), stars)
    return code.replace(
        co_flags=code.co_flags & ~(_CO_OPTIMIZED | _CO_NEWLOCALS),
        co_varnames=tuple('.' + name for name in code.co_varnames),
        co_cellvars=tuple('.' + name for name in code.co_cellvars))


def _with_consts(code, stars):
    """The code with the code of each `import *` in its place."""
    places = {_STAR + str(number): star for number, star in enumerate(stars)}
    return code.replace(co_consts=tuple(
        places.get(constant, constant) if isinstance(constant, str) else constant for constant in code.co_consts))


def _unnested(code):
    """The code without the wrapper's name in its qualified names (which are constants up to Python 3.10)."""
    changed = {'co_consts': tuple(
        _unnested(constant) if isinstance(constant, CodeType)
        else constant[len(_INSIDE):] if isinstance(constant, str) and constant.startswith(_INSIDE)
        else constant
        for constant in code.co_consts)}
    if code.co_name == _WRAPPER:
        changed['co_name'] = _NAME
    if hasattr(code, 'co_qualname'):
        changed['co_qualname'] = _NAME if code.co_qualname == _WRAPPER else code.co_qualname.replace(_INSIDE, '', 1)
    return code.replace(**changed)
