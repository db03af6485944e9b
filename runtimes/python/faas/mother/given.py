"""The values that a list of calls takes from one order, or from the mother herself."""
from ..zygote.exits import KnownFailure
from .memory import Block


class NotGiven(KnownFailure):
    """A list of calls takes a value that the order does not give."""


class Given:
    """Values by name: a number is passed as it is, a text or bytes as the address of the (UTF-8) bytes and a 0."""

    def __init__(self, values, supplied):
        """values: of the order. supplied: numbers of the mother's own, which no order can replace."""
        contents = {name: value.encode() if isinstance(value, str) else value for name, value in values.items()}
        blocks = {name: Block(content) for name, content in contents.items() if isinstance(content, bytes)}
        self._blocks = blocks
        self._numbers = {**values, **{name: block.address for name, block in blocks.items()}, **supplied}

    def require(self, name, is_length):
        """NotGiven unless there is such a value, or such a length."""
        if name not in (self._blocks if is_length else self._numbers):
            raise NotGiven(f'the order gives no {"text" if is_length else "value"} named {name}')

    def number(self, name):
        """What a call gets for the value."""
        return self._numbers[name]

    def length(self, name):
        """The length of a text or of bytes, without the 0."""
        return self._blocks[name].length
