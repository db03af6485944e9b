"""What the server asks for, a JSON object:

    entry         the text of the script
    requirements  the text of the requirements.txt beside it, or null
    dependencies  what the upload names beside those two, a list of texts
    lock          the lock that is to be installed, or null: then versions are chosen, and nothing is installed
    index         the address of the registry's simple API (PEP 503)
    maxFiles, maxBytes  what the layer may have at most
"""
import json
from dataclasses import dataclass

from .metadata import read_metadata
from .requirements import check_python, check_requirements, read_requirements


@dataclass(frozen=True)
class Request:
    """One build."""

    requirements: list
    lock: str
    index: str
    max_files: int
    max_bytes: int


def read_request(line):
    """Reads it. A Refusal where the script's declarations are wrong."""
    asked = json.loads(line)
    dependencies, python = read_metadata(asked['entry'])
    check_python(python)
    texts = [*asked['dependencies'], *dependencies, *read_requirements(asked['requirements'] or '')]
    return Request(check_requirements(texts), asked['lock'], asked['index'], asked['maxFiles'], asked['maxBytes'])
