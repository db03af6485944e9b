"""Gives a script the environment variables of its version."""
import os
import time


def set_environment(variables):
    """Sets them in this process, beside those that every sandbox has."""
    os.environ.update(variables)
    if 'TZ' in variables:
        time.tzset()
