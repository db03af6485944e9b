"""Parses JSON: the input of a run, and the PROGRAM frame.

Uses the scanner extension below json.decoder: json.decoder imports re, which would add 7 ms to every start.
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
    """The value. ValueError when the bytes are not JSON, RecursionError when they are nested too deeply."""
    text = encoded.decode().strip(' \t\r\n')
    try:
        value, end = _scan(text, 0)
    except (StopIteration, SystemError):  # SystemError: json.decoder, which has the right exception, is not imported
        raise ValueError('the event is not JSON') from None
    except ValueError as error:
        if type(error) is ValueError:
            raise
        raise ValueError('the event is not JSON') from None  # in place of the exception of json.decoder, which is imported
    if end != len(text):
        raise ValueError('the event is not JSON')
    return value
