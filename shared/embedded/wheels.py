"""Where the wheels that carry our executables were installed.

They are found without importing them: the package of the PostgreSQL wheel makes
directories and registers exit handlers as soon as it is imported.
"""

from importlib.util import find_spec
from pathlib import Path

from shared.errors import UnavailableError


class WheelMissingError(UnavailableError):
    """A wheel of the embedded mode is not installed: install the requirements."""


def installed(package: str) -> Path:
    """Return the directory of the installed *package*.

    Raises:
        WheelMissingError: it is not installed.
    """
    specification = find_spec(package)
    if specification is None or specification.origin is None:
        raise WheelMissingError(
            f"'{package}' is not installed: install the requirements"
        )
    return Path(specification.origin).parent
