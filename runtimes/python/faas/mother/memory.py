"""Bytes at an address that a system call can be given."""
import _ctypes


class _Char(_ctypes._SimpleCData):
    _type_ = 'c'


class Block:
    """A copy of these bytes, followed by a 0. It keeps its address as long as this object lives, and a call may write to it."""

    def __init__(self, content):
        self._memory = (_Char * (len(content) + 1))()
        self._memory.raw = content
        self.address = _ctypes.addressof(self._memory)
        self.length = len(content)

    @property
    def content(self):
        """The bytes now, without the last 0."""
        return self._memory.raw[:self.length]


def sock_fprog(program):
    """A struct sock_fprog (seccomp(2)) of these blocks: itself, and the program that it points to."""
    instructions = Block(program)
    return Block((len(program) // 8).to_bytes(2, 'little') + bytes(6) + instructions.address.to_bytes(8, 'little')), instructions
