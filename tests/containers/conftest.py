"""One real PostgreSQL and one real Apache Kafka for the tests of this folder.

Without a container engine the tests are skipped with the reason; with
ATTEST_REQUIRE_CONTAINERS=1 that reason is a failure. Whatever a test does to a server,
the next test finds it running, with its data.
"""

from collections.abc import Iterator
from typing import Final, Literal, get_args

import docker
import pytest

from tests.containers.composed import Composed, require_compose, run_composed
from tests.containers.images import (
    ContainerSettings,
    ContainersUnavailableError,
    choose_image,
    connect,
    remove_orphans,
)
from tests.containers.servers import (
    KafkaContainer,
    PostgresContainer,
    ServerContainer,
)

Part = Literal["postgres", "kafka", "python", "gateway"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
"""What is run in containers, and what the image of the services is built on."""
OFFLINE: Final[dict[Part, str]] = {"gateway": "nginx"}
"""Where the image made by `deploy/offline/build` is called by its program's name."""
USED: Final = pytest.StashKey[list[str]]()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash.get(USED, []):
        terminalreporter.write_line(f"container image used: {line}")


@pytest.fixture(scope="session")
def container_engine() -> Iterator[docker.DockerClient]:
    try:
        client = connect()
    except ContainersUnavailableError as error:
        _refuse(error)
    remove_orphans(client)
    yield client
    client.close()


@pytest.fixture(scope="session")
def postgres_container(
    container_engine: docker.DockerClient, pytestconfig: pytest.Config
) -> Iterator[PostgresContainer]:
    image = _image(container_engine, pytestconfig, "postgres")
    with PostgresContainer(image) as server:
        yield server


@pytest.fixture(scope="session")
def kafka_container(
    container_engine: docker.DockerClient, pytestconfig: pytest.Config
) -> Iterator[KafkaContainer]:
    image = _image(container_engine, pytestconfig, "kafka")
    with KafkaContainer(image) as server:
        yield server


@pytest.fixture(scope="session")
def composed_services(
    container_engine: docker.DockerClient,
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Composed]:
    images = {
        f"ATTEST_{part.upper()}_IMAGE": _image(container_engine, pytestconfig, part)
        for part in PARTS
    }
    directory = tmp_path_factory.mktemp("composed")
    try:
        require_compose()
    except ContainersUnavailableError as error:
        _refuse(error)
    with run_composed(container_engine, images, directory) as composed:
        yield composed


@pytest.fixture(autouse=True)
def _leaves_servers_running(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    for name in ("postgres_container", "kafka_container"):
        if name in request.fixturenames:
            server = request.getfixturevalue(name)
            assert isinstance(server, ServerContainer)
            server.ensure_ready()


def _image(
    engine: docker.DockerClient,
    config: pytest.Config,
    part: Part,
) -> str:
    named = ContainerSettings()
    upstream = ContainerSettings(
        _env_file=config.rootpath / "deploy/offline/upstream.env"
    )
    try:
        image = choose_image(
            engine,
            named=getattr(named, f"{part}_image"),
            offline=f"attest-offline/{OFFLINE.get(part, part)}",
            upstream=getattr(upstream, f"{part}_image"),
        )
    except ContainersUnavailableError as error:
        _refuse(error)
    short_id = engine.images.get(image).short_id
    config.stash.setdefault(USED, []).append(f"{image} ({short_id})")
    return image


def _refuse(error: ContainersUnavailableError) -> None:
    if ContainerSettings().require_containers:
        pytest.fail(f"ATTEST_REQUIRE_CONTAINERS is set, but {error}", pytrace=False)
    pytest.skip(str(error))
