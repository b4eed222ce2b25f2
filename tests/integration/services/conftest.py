"""Submission and review, running, on a database and a broker of their own."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import services.appeals.app
import services.moderation.app
import services.notification.app
import services.operations.app
import services.review.app
import services.submission.app
import services.viva.app
from services.submission.documents.samples.rendering import render_samples
from shared.embedded import BrokerProcess
from shared.settings import CommonSettings
from tests.support.embedded import FreshDatabase
from tests.support.running_services import Build, Running, run_services

SUBMISSION: dict[str, tuple[Build, type[CommonSettings]]] = {
    "submission": (services.submission.app.build, services.submission.app.Settings)
}
REVIEW: dict[str, tuple[Build, type[CommonSettings]]] = {
    "review": (services.review.app.build, services.review.app.Settings)
}
APPS: dict[str, Any] = {
    "submission": services.submission.app,
    "review": services.review.app,
    "moderation": services.moderation.app,
    "notification": services.notification.app,
    "viva": services.viva.app,
    "appeals": services.appeals.app,
    "operations": services.operations.app,
}


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[BrokerProcess]:
    """A broker of its own: topics have fixed names."""
    broker = BrokerProcess(tmp_path / "broker")
    await broker.start()
    try:
        yield broker
    finally:
        await broker.stop()


@pytest.fixture
async def submission(
    migrated_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Running]:
    """Submission alone, which so hears of nobody."""
    monkeypatch.setattr("services.submission.app.consumers.build", lambda *_: {})
    async with run_services(SUBMISSION, migrated_database, broker, tmp_path) as running:
        yield running


@pytest.fixture
async def both(
    migrated_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Running]:
    """Submission and review, with the messages that review hears."""
    monkeypatch.setattr("services.submission.app.consumers.build", lambda *_: {})
    builds = SUBMISSION | REVIEW
    async with run_services(builds, migrated_database, broker, tmp_path) as running:
        yield running


@pytest.fixture
async def unconnected(
    migrated_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Running]:
    """Submission and review; no message arrives unless a test hands it over.

    Joining a consumer group takes many seconds on the embedded broker, and tests of
    one service's routes need no broker.
    """
    for name in ("submission", "review"):
        monkeypatch.setattr(f"services.{name}.app.consumers.build", lambda *_: {})
    builds = SUBMISSION | REVIEW
    async with run_services(builds, migrated_database, broker, tmp_path) as running:
        yield running


@pytest.fixture
async def everything(
    migrated_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Running]:
    """All services; no message arrives: joining a group takes many seconds."""
    for name in set(APPS) - {"operations"}:
        monkeypatch.setattr(f"services.{name}.app.consumers.build", lambda *_: {})
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:9")  # nothing is ever sent
    builds: dict[str, Any] = {n: (m.build, m.Settings) for n, m in APPS.items()}
    async with run_services(builds, migrated_database, broker, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The sample portfolios, ready to be handed in."""
    return render_samples(tmp_path_factory.mktemp("samples"))
