"""``python -m services.operations``: serve the desk alone."""

from services.operations.app import build
from services.operations.settings import Settings
from shared.web.serving import run_alone


def main() -> None:
    """Serve until told to stop."""
    run_alone(build, Settings)


if __name__ == "__main__":
    main()
