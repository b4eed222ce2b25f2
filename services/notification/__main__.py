"""``python -m services.notification``: serve notification alone."""

from services.notification.app import build
from services.notification.settings import Settings
from shared.web.serving import run_alone


def main() -> None:
    """Serve until told to stop."""
    run_alone(build, Settings)


if __name__ == "__main__":
    main()
