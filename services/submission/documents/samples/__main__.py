"""Renders the samples: ``python -m services.submission.documents.samples FOLDER``."""

import sys
from pathlib import Path

from services.submission.documents.samples.applications import render_applications
from services.submission.documents.samples.rendering import render_samples


def main() -> int:
    """Write portfolios and application forms and name them; return the exit code."""
    match sys.argv[1:]:
        case [output]:
            folder = Path(output)
            for path in (*render_samples(folder), *render_applications(folder)):
                sys.stdout.write(f"{path}\n")
            return 0
        case _:
            sys.stderr.write("Give one folder to write the samples into.\n")
            return 2


if __name__ == "__main__":
    sys.exit(main())
