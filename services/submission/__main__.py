"""``python -m services.submission``: serve submission alone."""

from services.submission.app import build
from services.submission.settings import Settings
from shared.web.serving import run_alone


def main() -> None:
    """Serve until told to stop."""
    run_alone(build, Settings)


if __name__ == "__main__":
    main()
