"""``python -m services.appeals``: serve appeals alone."""

from services.appeals.app import build
from services.appeals.settings import Settings
from shared.web.serving import run_alone


def main() -> None:
    """Serve until told to stop."""
    run_alone(build, Settings)


if __name__ == "__main__":
    main()
