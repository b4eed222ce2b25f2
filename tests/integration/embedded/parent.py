"""A program that runs the embedded mode, to be killed by tests.

``python -m tests.integration.embedded.parent DIRECTORY`` prints one line of JSON when
all is ready: the process ids of its children, and of one that nothing ties to it.
"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from shared.embedded import run_embedded
from shared.logs import configure_logs


async def main(directory: Path) -> None:
    """Run until somebody ends us."""
    async with run_embedded(directory) as embedded:
        embedded.state.announce("http://127.0.0.1:8080")
        untied = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)  # noqa: ASYNC220
        ready = {
            "database_url": embedded.database_url,
            "postgres": embedded.postgres.pid,
            "broker": embedded.broker.pid,
            "untied": untied.pid,
        }
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    configure_logs()
    asyncio.run(main(Path(sys.argv[1])))
