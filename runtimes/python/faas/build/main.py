"""Declarations become a lock, or a lock becomes a tree, and the tree an archive."""
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
        request = read_request(questions.readline())
        os.mkdir(folder)
        if request.lock is None:
            answers.chosen(_choose(request, folder, answers.log))
            return
        report, tree, names = _build(request, folder, answers.log)
    except Refusal as refusal:
        answers.refused(str(refusal))
        return
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        answers.refused('The libraries do not fit into half of faas.libraries.build.memory, which their installation has for files.')
        return
    answers.built(report, lambda output: pack(tree, names, output))


def _choose(request, folder, log):
    return resolve(request.requirements, request.index, f'{folder}/resolved.json', log) if request.requirements else ''


def _build(request, folder, log):
    check_lock(request.lock)
    tree = f'{folder}/tree'
    os.mkdir(tree)
    _install(request.lock, request.index, tree, f'{folder}/lock.txt', log)
    names = files_of(tree)
    size = check_size(tree, names, request.max_files, request.max_bytes)
    return _report(request.lock, names, size), tree, names


def _install(lock, index, tree, lock_file, log):
    with open(lock_file, 'w', encoding='utf-8') as file:
        file.write(lock)
    pip.install(log, '--no-deps', '--require-hashes', '--no-compile', '--index-url', index, '--target', tree, '--requirement', lock_file)
    compile_tree(tree)


def _report(lock, names, size):
    return {
        'libraries': [{'name': name, 'version': version} for name, version in names_of(lock)],
        'files': len(names),
        'bytes': size,
        'isNative': any(name.endswith('.so') for name in names),
        'platform': f'{sysconfig.get_platform()} {platform.python_implementation()} {sys.version_info.major}.{sys.version_info.minor}',
    }
