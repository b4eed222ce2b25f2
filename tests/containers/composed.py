"""The services in containers, as ``deploy/compose.yaml`` puts them together.

Invariant: whatever a test does, the containers, networks and volumes it made are gone
when it ends; those of a process that was killed go when the tests are started again.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
import stamina
from docker.models.containers import Container

from shared.embedded.ports import LOCALHOST, fresh_port
from shared.ids import new_id
from tests.containers.images import (
    PROJECT_LABEL,
    ContainersUnavailableError,
    owner_label,
)

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "deploy" / "compose.yaml"
IMAGE = "attest-under-test"
BUILD_SECONDS = 900
"""Above the time to fetch every package through a slow mirror."""
START_SECONDS = 240
"""Above a start on a machine that does other work beside; usual are 20."""
HOPELESS_RESTARTS = 4
"""The engine starts what ended again, after longer and longer pauses."""
SERVICE_LABEL = "com.docker.compose.service"
"""Set by every version of compose."""
ONE_SHOT = ("keystore-role", "topics", "migrate")
"""Run once and end; the others stay."""
_INHERITED = ("PATH", "HOME", "DOCKER_HOST")


class NotComposedError(RuntimeError):
    """A container ended, or did not become healthy in time; has its last lines."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What runs."""

    url: str
    """Of the gateway."""
    project: str
    engine: docker.DockerClient
    files: Path
    """The directory with the settings file and the names of owners."""

    def run(self, *command: str) -> None:
        """Run one of the programs in ``deploy/``, told what this is.

        Raises:
            AssertionError: it fails; the message has what it printed.
        """
        _run(command, {"ATTEST_ENV_FILE": str(self.files / "env")})

    def up(self) -> None:
        """Start whatever does not run, and return when all are healthy."""
        owner = str(self.files / "owner.yaml")
        self.run("deploy/compose", "--file", owner, "up", "--detach")
        self.wait_until_healthy()

    def down(self) -> None:
        """End everything and forget what it kept.

        An engine that is busy may count the endpoint of a container for a moment after
        it is gone, and keeps its network: so what fails is asked for again.
        """
        for attempt in stamina.retry_context(
            on=AssertionError, attempts=5, timeout=None, wait_initial=1.0, wait_max=5.0
        ):
            with attempt:
                self.run("deploy/compose", "down", "--volumes", "--timeout", "20")

    def containers(self) -> dict[str, Container]:
        """Return each container by the name of its entry in the compose file."""
        found = self.engine.containers.list(
            all=True, filters={"label": f"{PROJECT_LABEL}={self.project}"}
        )
        return {container.labels[SERVICE_LABEL]: container for container in found}

    def lines(self, name: str) -> list[str]:
        """Return everything that the container *name* printed."""
        logs: bytes = self.containers()[name].logs()
        return logs.decode(errors="replace").splitlines()

    def wait_until_healthy(self) -> None:
        """Return when what runs is healthy, and what runs once has ended well.

        Raises:
            NotComposedError: that does not come about.
        """
        give_up = time.monotonic() + START_SECONDS
        while wrong := self._not_healthy():
            name, state = wrong
            restarts = self.containers()[name].attrs["RestartCount"]
            if time.monotonic() > give_up or restarts >= HOPELESS_RESTARTS:
                last = "\n".join(self.lines(name)[-20:])
                raise NotComposedError(f"{name} is {state}:\n{last}")
            time.sleep(0.5)

    def _not_healthy(self) -> tuple[str, str] | None:
        for name, container in self.containers().items():
            state = container.attrs["State"]
            if name in ONE_SHOT:
                if (state["Status"], state["ExitCode"]) != ("exited", 0):
                    return name, f"{state['Status']} with {state['ExitCode']}"
            elif (health := state.get("Health", {}).get("Status")) != "healthy":
                return name, f"{state['Status']}, {health}"
        return None


def require_compose() -> None:
    """See that compose is there: as a plug-in, or as the older program.

    Raises:
        ContainersUnavailableError: neither is installed.
    """
    plugin = ["docker", "compose", "version"]
    has_plugin = subprocess.run(plugin, capture_output=True, check=False)
    if has_plugin.returncode and not shutil.which("docker-compose"):
        message = "compose is missing; install the Debian package docker-compose"
        raise ContainersUnavailableError(message)


@contextmanager
def run_composed(
    engine: docker.DockerClient, images: Mapping[str, str], directory: Path
) -> Iterator[Composed]:
    """Build the image, start everything for a demonstration, and yield it healthy.

    *images* are named by their variables (``ATTEST_POSTGRES_IMAGE``).
    """
    project = f"attest-tests-{new_id().hex[:8]}"
    port = fresh_port(directory / "port")
    given = {
        **images,
        "ATTEST_IMAGE": IMAGE,
        "ATTEST_LISTEN": f"{LOCALHOST}:{port}",
        "ATTEST_ENV_FILE": str(directory / "env"),
        "COMPOSE_PROJECT_NAME": project,
        "LOG_LEVEL": "WARNING",
    }
    _run(["deploy/build"], given)
    _run(["deploy/configure", "--demonstration"], given)
    names = _services_of(COMPOSE_FILE.read_text())
    labels = {"labels": owner_label()}
    owned = {"services": dict.fromkeys(names, labels)}
    (directory / "owner.yaml").write_text(json.dumps(owned))
    composed = Composed(f"http://{LOCALHOST}:{port}", project, engine, directory)
    try:
        composed.up()
        yield composed
    finally:
        composed.down()


def _services_of(text: str) -> list[str]:
    """Return the names of the entries, without resolving any variable."""
    entries = text.partition("\nservices:\n")[2].partition("\nnetworks:\n")[0]
    return [
        line.partition(":")[0].strip()
        for line in entries.splitlines()
        if line.startswith("  ") and line[2:3].isalpha()
    ]


def _run(command: Sequence[str], variables: Mapping[str, str]) -> None:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}  # noqa: TID251 - the engine's client is configured there
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**_of_pip(), **inherited, **variables},
        capture_output=True,
        check=False,
        text=True,
        timeout=BUILD_SECONDS,
    )
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}{done.stderr}"


def _of_pip() -> dict[str, str]:
    """Return the settings by which pip finds packages on this machine."""
    return {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - pip reads them there
        if name.startswith("PIP_") or name.lower().endswith("_proxy")
    }
