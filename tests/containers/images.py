"""The container engine of this machine, and which images its tests run.

Invariant: no container outlives the process that started it for longer than until the
next start of the tests, although no reaper runs.
"""

import gc
import warnings
from typing import Final

import docker
import psutil
from docker.errors import DockerException, ImageNotFound
from pydantic_settings import BaseSettings, SettingsConfigDict

OWNER_LABEL: Final = "attest.tests.owner"
PROJECT_LABEL: Final = "com.docker.compose.project"
"""On what compose made: containers, networks, volumes."""


class ContainerSettings(BaseSettings):
    """Which images to run, and whether tests may be skipped for want of an engine."""

    model_config = SettingsConfigDict(
        env_prefix="ATTEST_", env_ignore_empty=True, frozen=True
    )

    postgres_image: str = ""
    kafka_image: str = ""
    python_image: str = ""
    gateway_image: str = ""
    require_containers: bool = False


class ContainersUnavailableError(RuntimeError):
    """No container engine answers, or it has no image to run."""


def connect() -> docker.DockerClient:
    """A client of the engine; ContainersUnavailableError where none answers."""
    with warnings.catch_warnings():
        # The client forgets to close its socket when the engine is not there.
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            client = docker.from_env()
            client.ping()
        except DockerException as error:
            reason = str(error)
        else:
            return client
        gc.collect()
    message = f"no container engine answers; start dockerd ({reason})"
    raise ContainersUnavailableError(message)


def choose_image(
    client: docker.DockerClient, *, named: str, offline: str, upstream: str
) -> str:
    """An image the engine holds: the named one, else one built here, else upstream's.

    Raises ContainersUnavailableError where the choice can be neither found nor pulled.
    """
    if not named and _holds(client, offline):
        return offline
    image = named or upstream
    if not _holds(client, image):
        try:
            client.images.pull(image)
        except DockerException as error:
            message = (
                f"the image {image} is not here and cannot be pulled; "
                f"build one with deploy/offline/build ({error})"
            )
            raise ContainersUnavailableError(message) from error
    return image


def _holds(client: docker.DockerClient, image: str) -> bool:
    try:
        client.images.get(image)
    except ImageNotFound:
        return False
    return True


def owner_label() -> dict[str, str]:
    """A label that tells which process answers for a container."""
    process = psutil.Process()
    return {OWNER_LABEL: f"{process.pid}:{process.create_time():.2f}"}


def remove_orphans(client: docker.DockerClient) -> int:
    """The number of containers removed because the process that owned them is gone.

    The networks and volumes that compose made for them go, too.
    """
    removed = 0
    projects: set[str] = set()
    for container in client.containers.list(all=True, filters={"label": OWNER_LABEL}):
        pid, _, created = container.labels[OWNER_LABEL].partition(":")
        if not _is_alive(int(pid), created):
            container.remove(force=True, v=True)
            projects |= {container.labels.get(PROJECT_LABEL, "")} - {""}
            removed += 1
    for project in projects:
        ours = {"label": f"{PROJECT_LABEL}={project}"}
        for network in client.networks.list(filters=ours):
            network.remove()
        for volume in client.volumes.list(filters=ours):
            volume.remove()
    return removed


def _is_alive(pid: int, created: str) -> bool:
    try:
        return f"{psutil.Process(pid).create_time():.2f}" == created
    except psutil.NoSuchProcess:
        return False
