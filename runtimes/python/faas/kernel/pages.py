"""The pages that a process needs after a fork, made its own at once instead of by one fault each.

Theory of operation: a fork shares every page. The first write of either side to one is a fault, and Python writes
wherever it looks (reference counts): some hundred faults a call on each side, half the price of it. madvise(2) with
MADV_POPULATE_WRITE (Linux 5.14) does the same for a whole range, many times faster. Which pages those are is known
from a rehearsal (rehearsal.py): after a fork /proc/self/pagemap says of each page whether it is this process's alone,
and so written since. Nothing depends on it: where the kernel or /proc has not got this, the faults come one by one.

A hook does it, in the child before all other hooks; so this module must be imported first.
"""
import os
from itertools import groupby

import _ctypes

_PAGE = os.sysconf('SC_PAGE_SIZE')
_POPULATE_READ, _POPULATE_WRITE = 22, 23
_PRESENT, _OF_A_FILE, _EXCLUSIVE = 1 << 63, 1 << 61, 1 << 56
_NEAR = {True: 0, False: 16}
"""So many pages between two that were written, or read, are cheaper taken along than left out at the price of a call."""

_madvise = _ctypes.dlsym(_ctypes.dlopen(None, 2), 'madvise')
_of_next_child = ()


class _Address(_ctypes._SimpleCData):
    _type_ = 'P'


class Pages:
    """Ranges of one process's addresses: (first page, number of pages, whether for writing)."""

    def __init__(self, ranges=()):
        self._calls = tuple(
            (_Address(first * _PAGE), _Address(count * _PAGE), _POPULATE_WRITE if written else _POPULATE_READ)
            for first, count, written in ranges)

    def make_own(self):
        """In this process, now."""
        for call in self._calls:
            _ctypes.call_function(_madvise, call)

    def give_to_children(self):
        """Every fork from now on begins with it; none, when there are none."""
        global _of_next_child
        _of_next_child = self._calls


def areas():
    """What is mapped: (first page, number of pages, whether it is writable)."""
    found = []
    with open('/proc/self/maps', 'rb') as lines:
        for line in lines:
            addresses, access, *_ = line.split()
            start, end = (int(address, 16) // _PAGE for address in addresses.split(b'-'))
            if access.endswith(b'p') and end < 1 << 35:  # neither shared nor the kernel's own page
                found.append((start, end - start, access[1:2] == b'w'))
    return found


def used_since_fork(areas):
    """Ranges for Pages. Before it has looked it writes to as few as it can."""
    pagemap = os.open('/proc/self/pagemap', os.O_RDONLY | os.O_CLOEXEC)
    entries = [os.pread(pagemap, count * 8, start * 8) for start, count, _ in areas]
    os.close(pagemap)
    return [found for (start, _, writable), some in zip(areas, entries) for found in _ranges(start, writable, some)]


def without(ranges, others):
    """The ranges, but for the pages of the others."""
    dropped = {page for first, count, _ in others for page in range(first, first + count)}
    found = []
    for first, count, kind in ranges:
        for is_dropped, pages in groupby(range(first, first + count), dropped.__contains__):
            if not is_dropped:
                kept = list(pages)
                found.append((kept[0], len(kept), kind))
    return found


def _ranges(start, writable, entries):
    kinds = [_kind(int.from_bytes(entries[at:at + 8], 'little'), writable) for at in range(0, len(entries), 8)]
    found = []
    number = 0
    for kind, group in groupby(kinds):
        count = len(list(group))
        if kind is not None:
            first = start + number
            if found and found[-1][2] is kind and first - found[-1][0] - found[-1][1] <= _NEAR[kind]:
                found[-1] = (found[-1][0], first + count - found[-1][0], kind)
            else:
                found.append((first, count, kind))
        number += count
    return found


def _kind(entry, writable):
    """True: it was written; False: it was read; None: neither."""
    if not entry & _PRESENT:
        return None
    if entry & _OF_A_FILE:
        return False
    return True if writable and entry & _EXCLUSIVE else None


def _begin_child():
    for call in _of_next_child:
        _ctypes.call_function(_madvise, call)


os.register_at_fork(after_in_child=_begin_child)
