"""What a test does to logging ends with it.

A command that runs in the process of the tests has lines written to a stream that is
closed with it; later tests would fail for having something to say.
"""

import logging  # noqa: TID251 - what is put back
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    configuration = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**configuration)
    root.handlers[:] = handlers
    root.setLevel(level)
