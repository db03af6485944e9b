"""Makes wheels of the libraries that Debian has installed for this Python: python3 wheels.py FOLDER.

Theory of operation: a wheel is an archive of a library's files and of their list (PEP 427). Debian's files are those of the library's own
wheel, but its metadata leave out what the library needs, so that stands here. Prints the name of a library and of its wheel, a line each.
"""
import importlib.metadata
import os
import subprocess
import sys
import sysconfig
import zipfile

_FILES = '/usr/lib/python3/dist-packages/'
_NEEDS = {
    'numpy': (),
    'requests': ('certifi', 'charset-normalizer', 'idna', 'urllib3'),
    'pydantic': ('typing-extensions',),
    'pyyaml': (),
    'python-dateutil': ('six',),
    'urllib3': ('six',),
    'certifi': (), 'charset-normalizer': (), 'idna': (), 'typing-extensions': (), 'six': (),
}
_PACKAGES = {'pyyaml': 'python3-yaml', 'python-dateutil': 'python3-dateutil'}


def _package(library):
    return _PACKAGES.get(library, f'python3-{library}')


def _files(library):
    told = subprocess.run(['dpkg', '-L', _package(library)], capture_output=True, text=True)
    if told.returncode != 0:
        packages = ' '.join(_package(one) for one in _NEEDS)
        sys.exit(f'{_package(library)} is missing; install with: apt-get install -y --no-install-recommends {packages}')
    return [line for line in told.stdout.splitlines() if line.startswith(_FILES) and os.path.isfile(line) and '-info' not in line]


def _make(library, folder):
    files = _files(library)
    version = importlib.metadata.version(library)
    stem = f'{library.replace("-", "_")}-{version}'
    python = f'cp{sys.version_info.major}{sys.version_info.minor}'
    is_native = any(file.endswith('.so') for file in files)
    tag = f'{python}-{python}-{sysconfig.get_platform().replace("-", "_").replace(".", "_")}' if is_native else 'py3-none-any'
    needs = ''.join(f'Requires-Dist: {need}\n' for need in _NEEDS[library])
    info = {
        'METADATA': f'Metadata-Version: 2.1\nName: {library}\nVersion: {version}\n{needs}',
        'WHEEL': f'Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: {str(not is_native).lower()}\nTag: {tag}\n',
    }
    with zipfile.ZipFile(f'{folder}/{stem}-{tag}.whl', 'w', zipfile.ZIP_DEFLATED) as wheel:
        for file in files:
            wheel.write(file, file.removeprefix(_FILES))
        for name, text in info.items():
            wheel.writestr(f'{stem}.dist-info/{name}', text)
        record = f'{stem}.dist-info/RECORD'
        wheel.writestr(record, ''.join(f'{name},,\n' for name in [*wheel.namelist(), record]))
    print(library, f'{stem}-{tag}.whl')


for name in _NEEDS:
    _make(name, sys.argv[1])
