"""sys.stdout and sys.stderr as scripts get them, and the builtins that site would add.

Text goes out line by line, in UTF-8, and whatever it is, printing it does not raise: bytes that came in as
surrogates (PEP 383) go out as they were, other surrogates as a question mark.
"""
import builtins
import codecs
import sys

import _sitebuiltins

_ERRORS = 'surrogateescape-or-replace'


def settle():
    """Changes this process's streams, and so those of its forks; the descriptors below are changed by a fork."""
    codecs.register_error(_ERRORS, _escape_or_replace)
    sys.stdout.reconfigure(encoding='utf-8', errors=_ERRORS, line_buffering=True)
    sys.stderr.reconfigure(encoding='utf-8', errors='backslashreplace', line_buffering=True)
    for name in ('quit', 'exit'):
        setattr(builtins, name, _sitebuiltins.Quitter(name, 'Ctrl-D (i.e. EOF)'))
    builtins.help = _sitebuiltins._Helper()


def _escape_or_replace(error):
    if not isinstance(error, UnicodeEncodeError):
        raise error
    encoded = bytes(
        ord(character) - 0xdc00 if '\udc80' <= character <= '\udcff' else ord('?')
        for character in error.object[error.start:error.end])
    return encoded, error.end
