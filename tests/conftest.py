"""Fixtures every kind of test may ask for; nothing starts before a test does."""

import gc

import pytest

pytest_plugins = [
    "tests.support.embedded",
    "tests.support.event_log",
    "tests.support.messaging_fixtures",
    "tests.support.own_logs",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ``make check`` ask for the same assertions about fewer simulated cases."""
    parser.addoption(
        "--quick",
        action="store_true",
        help="simulate less: enough to notice a mistake, not to claim a figure",
    )


@pytest.fixture(scope="session")
def quick(request: pytest.FixtureRequest) -> bool:
    """True where a tenth of a simulation is enough; the whole is in ``make test``."""
    return bool(request.config.getoption("--quick"))


def pytest_collection_finish() -> None:
    """Keep what was collected out of every later garbage collection.

    It lives until the end; looking through it again and again took a tenth of the time
    of all unit tests.
    """
    gc.collect()
    gc.freeze()
