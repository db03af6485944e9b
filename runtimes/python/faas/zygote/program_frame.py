"""Parses the PROGRAM frame, which binds the sandbox to a script."""
from binascii import a2b_base64

from ..script.event import parse_json
from ..script.tree import Tree, path_of
from .frames import BrokenPeer

SANDBOX, PROCESS, SHARED = ISOLATIONS = 'sandbox', 'process', 'shared'
"""What the runs of one program share: nothing, so the sandbox serves one run only; the sandbox; the process."""

SCRIPT_FOLDER = '/tmp'
"""Where the file with the script's text is."""


class Limits:
    """The limits of a run, each of them None when the server has not told it."""

    def __init__(self, memory_bytes=None, cpus=None, timeout_seconds=None):
        self.memory_bytes = memory_bytes
        self.cpus = cpus
        self.timeout_seconds = timeout_seconds


class Script:
    """The script of a PROGRAM frame. Also the `__loader__` of its __main__, which linecache asks for the source."""

    compiled = None
    """The Program or CompileError; None while it is unknown, and the child must compile the script."""

    def __init__(self, source, filename, isolation, handler=None, limits=Limits(), concurrency=1, env={}, out=None, tree=None,
                 layer=None):
        """handler: the name that came with the upload, or None. env: environment variables by their names. out: the most files and bytes
        that a run may give back, or None. tree: the Tree whose entry the source is, or None. layer: the Layer with its
        libraries, or None."""
        self.source = source
        self.filename = filename
        self.isolation = isolation
        self.handler = handler
        self.limits = limits
        self.concurrency = concurrency
        self.env = env
        self.out = out
        self.tree = tree
        self.layer = layer

    @property
    def shown_as(self):
        """The name of the source in stacks."""
        return self.filename if self.tree is None else self.tree.entry

    @property
    def path(self):
        """The path of the file with the script's text; in a tree, that of the entry, which is in memory alone."""
        return f'{SCRIPT_FOLDER}/{self.filename}' if self.tree is None else path_of(self.tree.entry)

    @property
    def own_modules(self):
        """The names of the modules beside it, itself among them, which hide libraries of the same name."""
        return {self.filename.partition('.')[0]} if self.tree is None else self.tree.modules_beside_entry

    @property
    def is_shared(self):
        """Whether one process serves all runs."""
        return self.isolation == SHARED

    @property
    def is_concurrent(self):
        """Whether one process serves several runs at once."""
        return self.concurrency > 1

    def get_source(self, name):
        """The source, as every importer gives it (PEP 302)."""
        return self.source

    def get_data(self, path):
        """The bytes of a file, which pkgutil asks for beside the script. OSError when there is none."""
        if self.tree is not None:
            return self.tree.get_data(path)
        with open(path, 'rb') as file:
            return file.read()


def parse_program_frame(payload):
    """The Script in the payload. BrokenPeer when it is malformed."""
    try:
        program = parse_json(payload)
        source, filename, isolation = program['source'], program['filename'], program.get('isolation', PROCESS)
        handler = program.get('handler')
        limits = _limits(program)
        concurrency = program.get('concurrency', 1)
        env = program.get('env', {})
        out = _out(program)
        tree = _tree(program)
        layer = _layer(program)
        if not isinstance(source, str) or not isinstance(filename, str) or isolation not in ISOLATIONS:
            raise TypeError(f'source and filename must be strings, and isolation one of {", ".join(ISOLATIONS)}')
        if not isinstance(handler, (str, type(None))) or '/' in filename or '\0' in filename:
            raise TypeError('handler must be a string, and filename the name of a file, without its folder')
        if type(concurrency) is not int or concurrency < 1 or concurrency > 1 and isolation != SHARED:
            raise TypeError('concurrency must be 1, or at isolation shared more')
        if not isinstance(env, dict) or not all(isinstance(value, str) for value in env.values()):
            raise TypeError('env must be an object of strings')
    except (ValueError, LookupError, TypeError, RecursionError, AttributeError) as error:
        raise BrokenPeer(f'PROGRAM: {error}') from error
    return Script(source, filename, isolation, handler, limits, concurrency, env, out, tree, layer)


def _limits(program):
    milliseconds = _number(program, 'timeoutMilliseconds')
    return Limits(_number(program, 'memoryBytes'), _number(program, 'cpus'), None if milliseconds is None else milliseconds / 1000)


def _out(program):
    out = program.get('out')
    if out is None:
        return None
    files, count = out['files'], out['bytes']
    if type(files) is not int or type(count) is not int or files < 1 or count < 0:
        raise TypeError('out must have files, from 1 on, and bytes')
    return files, count


def _tree(program):
    entry, files = program.get('entry'), program.get('files')
    if entry is None:
        return None
    if not isinstance(files, dict) or entry not in files:
        raise TypeError('files must be an object that has the entry')
    return Tree(entry, {
        name: content.encode('utf-8', 'surrogatepass') if isinstance(content, str) else a2b_base64(content['base64'])
        for name, content in files.items()})


def _layer(program):
    libraries = program.get('libraries')
    if libraries is None:
        return None
    from ..script.layer import Layer
    path, choices = libraries['path'], (libraries['trusted'], libraries.get('ahead', True))
    if not isinstance(path, str) or not path.startswith('/') or not all(isinstance(choice, bool) for choice in choices):
        raise TypeError('libraries must have an absolute path, and say whether they are trusted')
    return Layer(path, *choices)


def _number(program, name):
    number = program.get(name)
    if number is not None and (type(number) not in (int, float) or number <= 0):
        raise TypeError(f'{name} must be a positive number')
    return number
