"""Reads the block of metadata in a script (PEP 723):

    # /// script
    # requires-python = ">=3.11"
    # dependencies = ["requests>=2"]
    # ///

What the block holds is TOML. Only the two members above count; `[tool]` is for other programs.
"""
import re

from .packaging import tomllib
from .refusal import Refusal

# The reference expression of PEP 723.
_BLOCK = re.compile(r'(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$')
_BEGINNING = re.compile(r'(?m)^# /// script$')
_MEMBERS = ('dependencies', 'requires-python', 'tool')


def read_metadata(text):
    """The dependencies, a list of texts, and the versions of Python that the script works with, a text or None."""
    text = text.replace('\r\n', '\n').replace('\r', '\n')
    blocks = [match for match in _BLOCK.finditer(text) if match['type'] == 'script']
    if len(blocks) > 1:
        raise Refusal('The script has more than one block `# /// script`; there may be one.')
    if not blocks:
        if _BEGINNING.search(text):
            raise Refusal('The block `# /// script` has no end: a line `# ///` after lines that begin with `#`.')
        return [], None
    return _members(_parse(blocks[0]['content']))


def _parse(content):
    lines = [line[2:] if line.startswith('# ') else line[1:] for line in content.splitlines(keepends=True)]
    try:
        return tomllib.loads(''.join(lines))
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f'The block `# /// script` is not TOML: {error}.') from error


def _members(block):
    unknown = [name for name in block if name not in _MEMBERS]
    if unknown:
        raise Refusal(f'The block `# /// script` has the unknown member {unknown[0]!r}; it may have {", ".join(_MEMBERS)}.')
    dependencies = block.get('dependencies', [])
    if not isinstance(dependencies, list) or not all(isinstance(one, str) for one in dependencies):
        raise Refusal('`dependencies` in the block `# /// script` must be a list of texts.')
    python = block.get('requires-python')
    if python is not None and not isinstance(python, str):
        raise Refusal('`requires-python` in the block `# /// script` must be a text.')
    return dependencies, python
