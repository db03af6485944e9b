"""Runs pip as a program of its own. Its settings come from these arguments alone: neither from files nor from the environment."""
import re
import subprocess
import sys

from .refusal import Refusal

_ALWAYS = ('--isolated', '--disable-pip-version-check', '--no-input', '--no-color')
_INSTALL = (
    '--only-binary', ':all:', '--no-cache-dir', '--progress-bar', 'off', '--no-warn-script-location', '--root-user-action', 'ignore')
_ERROR = 'ERROR: '
_CRASH = 'Exception:'
_NO_ROOM = 'No space left on device'
_DIRECT = re.compile(r'\s*Collecting ([^\s@]+) ?@ (\S+)')


def install(log, *arguments):
    """`pip install` of wheels, each line of whose output goes to `log`. A Refusal in pip's own words, if it fails."""
    command = [sys.executable, '-I', '-B', '-m', 'pip', 'install', *_ALWAYS, *_INSTALL, *arguments]
    errors, direct, last = [], None, ''
    with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace') as pip:
        for line in pip.stdout:
            line = line.rstrip()
            log(line)
            last = line or last
            direct = _DIRECT.match(line) or direct
            if line.startswith(_ERROR):
                errors.append(line[len(_ERROR):])
    if pip.returncode != 0:
        if _CRASH in errors:
            errors[errors.index(_CRASH)] = last  # pip has shown where it broke, and then why
        if any(_NO_ROOM in error for error in errors):
            errors.append('Half of faas.libraries.build.memory is the room for files of an installation.')
        if direct:
            errors.append(f'A library requires {direct[1]} from {direct[2]}; libraries come from the registry alone.')
        raise Refusal('\n'.join(errors) or f'pip ended with status {pip.returncode}.')
