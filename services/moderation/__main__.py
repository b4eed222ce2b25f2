"""``python -m services.moderation``: serve moderation alone."""

from services.moderation.app import build
from services.moderation.settings import Settings
from shared.web.serving import run_alone


def main() -> None:
    """Serve until told to stop."""
    run_alone(build, Settings)


if __name__ == "__main__":
    main()
