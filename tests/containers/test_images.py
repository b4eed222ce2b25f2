"""The right image is run, nothing is left behind, and a missing engine is named."""

import subprocess
import sys
from pathlib import Path

import docker
import pytest

from shared.ids import new_id
from tests.containers.images import (
    OWNER_LABEL,
    PROJECT_LABEL,
    ContainersUnavailableError,
    choose_image,
    owner_label,
    remove_orphans,
)
from tests.containers.servers import PostgresContainer


class TestChooseImage:
    def test_prefers_the_named_image(
        self,
        container_engine: docker.DockerClient,
        postgres_container: PostgresContainer,
    ) -> None:
        chosen = choose_image(
            container_engine,
            named=postgres_container.image,
            offline="attest-offline/absent",
            upstream="attest-offline/absent-too",
        )
        assert chosen == postgres_container.image

    def test_takes_what_was_built_here_before_upstream(
        self,
        container_engine: docker.DockerClient,
        postgres_container: PostgresContainer,
    ) -> None:
        chosen = choose_image(
            container_engine,
            named="",
            offline=postgres_container.image,
            upstream="attest-offline/absent",
        )
        assert chosen == postgres_container.image

    def test_says_how_to_get_an_image_that_cannot_be_pulled(
        self, container_engine: docker.DockerClient
    ) -> None:
        # Port 9 of this machine (discard) answers nobody: a pull fails at once.
        absent = "127.0.0.1:9/attest/absent"
        with pytest.raises(ContainersUnavailableError, match="deploy/offline/build"):
            choose_image(container_engine, named=absent, offline="", upstream="unused")


class TestRemoveOrphans:
    def test_removes_only_containers_whose_owner_is_gone(
        self,
        container_engine: docker.DockerClient,
        postgres_container: PostgresContainer,
    ) -> None:
        image = postgres_container.image
        gone = subprocess.run(
            [sys.executable, "-c", "import os; print(os.getpid())"],
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        orphan = container_engine.containers.create(
            image, labels={OWNER_LABEL: f"{gone}:0.00"}
        )
        mine = container_engine.containers.create(image, labels=owner_label())
        try:
            assert remove_orphans(container_engine) == 1
            left = {c.id for c in container_engine.containers.list(all=True)}
            assert mine.id in left
            assert orphan.id not in left
        finally:
            mine.remove(v=True)

    def test_removes_what_compose_made_for_them(
        self,
        container_engine: docker.DockerClient,
        postgres_container: PostgresContainer,
    ) -> None:
        project = {PROJECT_LABEL: f"attest-tests-{new_id().hex[:8]}"}
        (name,) = project.values()
        container_engine.networks.create(name, labels=project)
        container_engine.volumes.create(name, labels=project)
        container_engine.containers.create(
            postgres_container.image, labels={OWNER_LABEL: "1:0.00", **project}
        )
        assert remove_orphans(container_engine) == 1
        ours = {"label": f"{PROJECT_LABEL}={name}"}
        assert container_engine.networks.list(filters=ours) == []
        assert container_engine.volumes.list(filters=ours) == []


class TestWithoutAnEngine:
    @pytest.mark.parametrize(
        ("require", "exit_code", "outcome"),
        [("", 0, "1 skipped"), ("1", 1, "1 error")],
        ids=["skips", "fails when containers are required"],
    )
    def test_says_so(self, require: str, exit_code: int, outcome: str) -> None:
        test = (
            f"{Path(__file__).parent / 'test_servers.py'}"
            "::TestPostgresContainer::test_runs_a_supported_version"
        )
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
            capture_output=True,
            check=False,
            env={
                "DOCKER_HOST": "unix:///nowhere/docker.sock",
                "ATTEST_REQUIRE_CONTAINERS": require,
            },
            text=True,
        )
        assert run.returncode == exit_code, run.stdout + run.stderr
        assert outcome in run.stdout
        assert "no container engine answers; start dockerd" in run.stdout
