"""sys.stdout and sys.stderr as scripts get them, and the builtins that the module site would add.

Text is written line by line, in UTF-8, and printing any text succeeds: surrogates that stand for undecodable bytes (PEP 383)
are written as those bytes, other surrogates as a question mark.
"""
import builtins
import codecs
import sys

import _sitebuiltins

_ERRORS = 'surrogateescape-or-replace'


def replace_outputs():
    """Sets up the streams of this process, which its children inherit. Each child replaces the descriptors below them."""
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
