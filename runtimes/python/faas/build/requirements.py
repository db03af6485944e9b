"""What a script requires: names and versions from the registry, nothing else.

An address, a path or an option of pip could fetch from another place, or run code at the installation, so they are refused by
name rather than left to fail.
"""
import platform

from .packaging import InvalidRequirement, InvalidSpecifier, Requirement, SpecifierSet
from .refusal import Refusal


def read_requirements(text, name='requirements.txt'):
    """The requirements of a file in pip's format, without its comments."""
    requirements = []
    for number, line in enumerate(text.replace('\\\n', ' ').splitlines(), 1):
        line = line.partition(' #')[0].strip()
        if not line or line.startswith('#'):
            continue
        if line.startswith('-'):
            raise Refusal(f'{name}, line {number}: {line.split()[0]!r} is an option; only requirements such as `requests>=2` are allowed.')
        requirements.append(line)
    return requirements


def check_requirements(texts):
    """The requirements in one form, sorted, each one once. A Refusal for one that the registry alone cannot answer."""
    return sorted({_check(text) for text in texts})


def _check(text):
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        first_line = str(error).splitlines()[0]
        raise Refusal(f'{text!r} is no requirement: {first_line}; write for example `requests>=2`.') from error
    if requirement.url:
        raise Refusal(f'{text!r} names an address; libraries come only from the registry, by name and version.')
    return str(requirement)


def check_python(specifier):
    """A Refusal, if the Python that runs scripts is not among these versions."""
    if specifier is None:
        return
    try:
        versions = SpecifierSet(specifier)
    except InvalidSpecifier as error:
        raise Refusal(f'requires-python = {specifier!r} says no versions; write for example `>=3.11`.') from error
    here = platform.python_version()
    if not versions.contains(here, prereleases=True):
        raise Refusal(f'requires-python = {specifier!r}: scripts run on Python {here}.')
