"""Declarations become a lock, the lock becomes a tree, the tree becomes an archive."""
import errno
import os
import platform
import sys
import sysconfig

from . import pip
from .answers import Answers
from .lock import check_lock, names_of, resolve
from .refusal import Refusal
from .request import read_request
from .tree import check_size, compile_tree, files_of, pack


def main(questions, output, folder):
    """The whole build, in a folder that does not exist yet."""
    answers = Answers(output)
    answers.ready()
    try:
        report, tree, names = _build(read_request(questions.readline()), folder, answers.log)
    except Refusal as refusal:
        answers.refused(str(refusal))
        return
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        answers.refused('The libraries do not fit into half of faas.libraries.build.memory, which their installation has for files.')
        return
    answers.built(report, lambda output: pack(tree, names, output))


def _build(request, folder, log):
    os.mkdir(folder)
    lock = request.lock
    if lock is not None:
        check_lock(lock)
    else:
        lock = resolve(request.requirements, request.index, f'{folder}/resolved.json', log) if request.requirements else ''
    tree = f'{folder}/tree'
    os.mkdir(tree)
    if lock:
        _install(lock, request.index, tree, f'{folder}/lock.txt', log)
    names = files_of(tree)
    size = check_size(tree, names, request.max_files, request.max_bytes)
    return _report(lock, names, size), tree, names


def _install(lock, index, tree, lock_file, log):
    with open(lock_file, 'w', encoding='utf-8') as file:
        file.write(lock)
    pip.install(log, '--no-deps', '--require-hashes', '--no-compile', '--index-url', index, '--target', tree, '--requirement', lock_file)
    compile_tree(tree)


def _report(lock, names, size):
    return {
        'lock': lock,
        'libraries': [{'name': name, 'version': version} for name, version in names_of(lock)],
        'files': len(names),
        'bytes': size,
        'isNative': any(name.endswith('.so') for name in names),
        'platform': f'{sysconfig.get_platform()} {platform.python_implementation()} {sys.version_info.major}.{sys.version_info.minor}',
    }
