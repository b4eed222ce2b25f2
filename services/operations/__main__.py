"""``python -m services.operations``: serve the desk alone."""

from services.operations.app import build
from services.operations.settings import Settings
from shared.web.serving import run_alone

if __name__ == "__main__":
    run_alone(build, Settings)
