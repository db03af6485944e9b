"""A figure of matplotlib as the picture that the caller gets.

`__builtins__` is a copy, and functions are saved at import, for the reason that result.py gives.
"""
import builtins
import sys
from io import BytesIO

__builtins__ = dict(vars(builtins))

_modules = sys.modules


def is_figure(value):
    """Whether the value is a figure. This never imports matplotlib: without it, there is none."""
    figure = _modules.get('matplotlib.figure')
    kind = getattr(figure, 'Figure', None)
    return isinstance(kind, type) and isinstance(value, kind)


def picture_of(figure):
    """The figure as PNG, in the size and with the resolution that it has."""
    picture = BytesIO()
    figure.savefig(picture, format='png')
    return picture.getvalue()
