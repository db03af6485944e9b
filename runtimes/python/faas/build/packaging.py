"""The parts of pip that read names and versions.

The runtime is started without the folders of installed packages (python3 -S). The system's pip is in one of them.
"""
import site

site.main()
from pip._vendor.packaging.requirements import InvalidRequirement, Requirement  # noqa: E402
from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: E402
from pip._vendor.packaging.utils import canonicalize_name  # noqa: E402

try:
    import tomllib
except ModuleNotFoundError:  # Python before 3.11
    from pip._vendor import tomli as tomllib

__all__ = ('InvalidRequirement', 'InvalidSpecifier', 'Requirement', 'SpecifierSet', 'canonicalize_name', 'tomllib')
