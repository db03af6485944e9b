"""Makes the runtime's package `faas` importable, for tests of its parts in this process."""
import sys

from .sandbox import RUNTIME

sys.path.insert(0, str(RUNTIME))
