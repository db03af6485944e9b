"""The lock of a script's libraries: one line for each, with the hash of the one wheel that was chosen.

    requests==2.31.0 --hash=sha256:58cd…

It is a file of requirements with hashes, as pip reads it. What is not in it is not installed, and neither is a wheel with other
content under the same name.
"""
import json
import re

from . import pip
from .packaging import canonicalize_name
from .refusal import Refusal

_LINE = re.compile(r'[a-z0-9]+(?:-[a-z0-9]+)*==[A-Za-z0-9.!+_-]+ --hash=sha256:[0-9a-f]{64}')


def resolve(requirements, index, report_file, log):
    """Chooses the versions, and returns the lock, a text."""
    pip.install(log, '--dry-run', '--ignore-installed', '--index-url', index, '--report', report_file, '--', *requirements)
    with open(report_file, encoding='utf-8') as file:
        return ''.join(sorted(_line(one) for one in json.load(file)['install']))


def _line(one):
    name, version = canonicalize_name(one['metadata']['name']), one['metadata']['version']
    if one['is_direct']:
        address = one['download_info']['url']
        raise Refusal(f'A library requires {name} from the address {address}; only what the registry lists is installed.')
    sha256 = one['download_info'].get('archive_info', {}).get('hashes', {}).get('sha256')
    if not sha256:
        raise Refusal(f'The registry gives no sha256 for {name} {version}, so it cannot be locked.')
    return f'{name}=={version} --hash=sha256:{sha256}\n'


def check_lock(lock):
    """A Refusal for a line that is none: pip would read options there."""
    for line in lock.removesuffix('\n').split('\n'):  # pip knows further line breaks, none of which a line may have
        if not _LINE.fullmatch(line):
            raise Refusal(f'The lock has the line {line!r}, which is not NAME==VERSION --hash=sha256:HASH.')


def names_of(lock):
    """The libraries in a lock: pairs of name and version."""
    return [tuple(line.partition(' ')[0].split('==', 1)) for line in lock.splitlines()]
