"""The JSON of an event to a value.

The scanner is the extension below json.decoder, whose import of re costs 7 ms of every start.
"""
from _json import make_scanner


class _Rules:
    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int

    @staticmethod
    def parse_constant(name):
        raise ValueError(f'{name} is not JSON')


_scan = make_scanner(_Rules)


def parse_json(encoded):
    """A value; ValueError when it is not JSON, RecursionError when it is nested too deeply."""
    text = encoded.decode().strip(' \t\r\n')
    try:
        value, end = _scan(text, 0)
    except (StopIteration, SystemError):  # the latter while json.decoder, with the exception for it, is not imported
        raise ValueError('the event is not JSON') from None
    if end != len(text):
        raise ValueError('the event is not JSON')
    return value
