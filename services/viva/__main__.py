"""``python -m services.viva``: serve viva alone."""

from services.viva.app import build
from services.viva.settings import Settings
from shared.web.serving import run_alone


def main() -> None:
    """Serve until told to stop."""
    run_alone(build, Settings)


if __name__ == "__main__":
    main()
