"""Finds what JSON cannot express in a returned value, and says where it is.

Theory of operation: the encoder says what it could not encode, but not where. Only when it has failed is the value searched, in the
encoder's order and with its rules. The search does not recurse, so that it finds its way in a value that is nested deeply.
"""
import builtins
from _json import encode_basestring

__builtins__ = dict(vars(builtins))  # see result.py

_PLAIN = (str, int, float, type(None))
_LETTERS = frozenset('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$')
_DIGITS = frozenset('0123456789')
_VOWELS = frozenset('aeiouAEIOU')


def find_fault(value, name_of):
    """What is wrong, such as `$.rows[3].at is a datetime`; None when nothing of that kind is. name_of: gives the name of a class."""
    above = []  # (value, iterator over what it holds): from the value itself down to where the search is
    found = _look_at(value, '$', (), name_of)
    if isinstance(found, str):
        return found
    if found is not None:
        above.append((value, found))
    while above:
        step = next(above[-1][1], None)
        if step is None:
            above.pop()
            continue
        path, inner = step
        if path is None:
            return inner
        found = _look_at(inner, path, above, name_of)
        if isinstance(found, str):
            return found
        if found is not None:
            above.append((inner, found))
    return None


def _look_at(value, path, above, name_of):
    """What is wrong with the value itself, as a text; or an iterator over (path, value) of what it holds; or None."""
    if isinstance(value, _PLAIN):
        return None
    if not isinstance(value, (dict, list, tuple)):
        return f'{path} is {_with_article(name_of(value))}'
    for outer, _ in above:
        if outer is value:
            return f'{path} contains itself'
    return _members(value, path, name_of) if isinstance(value, dict) else _elements(value, path)


def _members(value, path, name_of):
    for key, inner in value.items():
        if not isinstance(key, _PLAIN):
            yield None, f'a key of {path} is {_with_article(name_of(key))}'
        yield path + _step(key), inner


def _elements(value, path):
    for number, inner in enumerate(value):
        yield f'{path}[{number}]', inner


def _step(key):
    text = key if isinstance(key, str) else 'null' if key is None else str(key).lower()
    if text and text[0] in _LETTERS and all(character in _LETTERS or character in _DIGITS for character in text):
        return '.' + text
    return f'[{encode_basestring(text)}]'


def _with_article(name):
    return f'{"an" if name[:1] in _VOWELS else "a"} {name}'
