"""Copies the pages that a process will write after a fork all at once, rather than by one page fault each.

Theory of operation: a fork shares every page. The first write to a page, on either side, causes a page fault, and Python
writes even where it only reads (reference counts). This causes a few hundred faults per run on each side. Where a fault is
dear, madvise(2) with MADV_POPULATE_WRITE (Linux 5.14) copies a whole range for less; a trial tells (copy_ahead.py). A
rehearsal (rehearsal.py) finds the pages: after a fork, /proc/self/pagemap tells for each page whether only this process maps
it, which means that this process has written to it since. On a kernel that lacks this, the faults come one by one.

A child does this in a fork hook, which must be the first of all hooks. So this module must be imported first.
"""
import os
from itertools import groupby

import _ctypes

_PAGE = os.sysconf('SC_PAGE_SIZE')
_POPULATE_READ, _POPULATE_WRITE = 22, 23
_PRESENT, _OF_A_FILE, _EXCLUSIVE = 1 << 63, 1 << 61, 1 << 56
_NEAR = {True: 0, False: 16}
"""The largest gap, in pages, between two ranges (written, read) that is cheaper to include than to skip with another call."""

_madvise = _ctypes.dlsym(_ctypes.dlopen(None, 2), 'madvise')
_of_next_child = ()


class _Address(_ctypes._SimpleCData):
    _type_ = 'P'


class Pages:
    """Ranges of a process's pages: (first page, number of pages, whether they are written)."""

    def __init__(self, ranges=()):
        self._calls = tuple(
            (_Address(first * _PAGE), _Address(count * _PAGE), _POPULATE_WRITE if written else _POPULATE_READ)
            for first, count, written in ranges)

    def __bool__(self):
        return bool(self._calls)

    def populate(self):
        """Maps the pages in this process now, and copies those that are written."""
        for call in self._calls:
            _ctypes.call_function(_madvise, call)

    def give_to_children(self):
        """Makes every child that is forked from now on populate these pages first. Without pages, stops that."""
        global _of_next_child
        _of_next_child = self._calls


def areas():
    """The private mappings of this process: (first page, number of pages, whether they are writable)."""
    found = []
    with open('/proc/self/maps', 'rb') as lines:
        for line in lines:
            addresses, access, *_ = line.split()
            start, end = (int(address, 16) // _PAGE for address in addresses.split(b'-'))
            if access.endswith(b'p') and end < 1 << 35:  # neither shared nor the kernel's vsyscall page
                found.append((start, end - start, access[1:2] == b'w'))
    return found


def used_since_fork(areas):
    """The ranges of these areas that were used since the fork, for Pages. Writes to as few pages as possible before it looks."""
    pagemap = os.open('/proc/self/pagemap', os.O_RDONLY | os.O_CLOEXEC)
    entries = [os.pread(pagemap, count * 8, start * 8) for start, count, _ in areas]
    os.close(pagemap)
    return [found for (start, _, writable), some in zip(areas, entries) for found in _ranges(start, writable, some)]


def without(ranges, others):
    """The ranges without the pages of the others."""
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
    """True when the page was written, False when it was read, None for neither."""
    if not entry & _PRESENT:
        return None
    if entry & _OF_A_FILE:
        return False
    return True if writable and entry & _EXCLUSIVE else None


def _begin_child():
    for call in _of_next_child:
        _ctypes.call_function(_madvise, call)


os.register_at_fork(after_in_child=_begin_child)
