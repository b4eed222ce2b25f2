"""``python -m services.review``: serve review alone."""

from services.review.app import build
from services.review.settings import Settings
from shared.web.serving import run_alone


def main() -> None:
    """Serve until told to stop."""
    run_alone(build, Settings)


if __name__ == "__main__":
    main()
