"""``deploy/`` knows every service: its process, role, password, address and path."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.cli.client import SERVICES
from services.cli.topics import FILE, IN_SYNC, TopicsFile
from shared.database import SERVICE_ROLES
from shared.settings import CommonSettings

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
TEXT = (DEPLOY / "compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
GATEWAY = (DEPLOY / "gateway" / "nginx.conf").read_text()


@pytest.mark.parametrize("name", SERVICES)
class TestService:
    def test_has_an_entry_that_signs_in_as_its_own_role(self, name: str) -> None:
        entry = COMPOSE["services"][name]
        assert entry["command"] == ["attest", "serve", name]
        password = f"${{{name.upper()}_PASSWORD:?run deploy/configure}}"
        url = f"postgresql://{name}:{password}@postgres:5432/attest"
        assert entry["environment"]["DATABASE_URL"] == url

    def test_is_known_to_the_others_and_to_the_gateway(self, name: str) -> None:
        settings = COMPOSE["x-settings"]
        assert settings[f"{name.upper()}_URL"] == f"http://{name}:8080"
        listed = re.search(r"\^/\(\?<first>([a-z|]+)\)/", GATEWAY)
        assert listed
        assert name in listed[1].split("|")


class TestComposeFile:
    def test_gives_every_role_its_password(self) -> None:
        given = COMPOSE["services"]["migrate"]["environment"]["ROLE_PASSWORDS"]
        asked = {name: f"${{{name.upper()}_PASSWORD:?run deploy/configure}}"
                 for name in SERVICE_ROLES}  # fmt: skip
        assert json.loads(given) == asked

    def test_holds_no_secret(self) -> None:
        values = re.findall(
            r"^ +[A-Z_]*(?:PASSWORD|SECRET|_KEY): (.*)$", TEXT, re.MULTILINE
        )
        assert values
        assert [value for value in values if not value.startswith("${")] == []

    def test_names_no_setting_that_services_do_not_have(self) -> None:
        known = {name.upper() for name in CommonSettings.model_fields}
        assert set(COMPOSE["x-settings"]) <= known

    @pytest.mark.parametrize("part", ["POSTGRES", "KAFKA", "GATEWAY", "PYTHON"])
    def test_names_the_images_of_upstream(self, part: str) -> None:
        upstream = (DEPLOY / "offline" / "upstream.env").read_text()
        found = re.search(rf"^ATTEST_{part}_IMAGE=(\S+)$", upstream, re.MULTILINE)
        assert found
        assert f"${{ATTEST_{part}_IMAGE:-{found[1]}}}" in TEXT

    def test_keeps_the_roles_that_migrate_creates(self) -> None:
        roles = (DEPLOY / "roles.sql").read_text()
        assert set(re.findall(r"\('([a-z]+)', true\)", roles)) == set(SERVICE_ROLES)


class TestTopicsFile:
    def test_wants_no_more_replicas_in_sync_than_there_are(self) -> None:
        said = TopicsFile.model_validate(yaml.safe_load(FILE.read_text()))
        assert said.config_for(1)[IN_SYNC] == "1"
        assert said.config_for(3)[IN_SYNC] == str(said.config[IN_SYNC])

    def test_says_truths_as_kafka_does(self) -> None:
        said = TopicsFile.model_validate(yaml.safe_load(FILE.read_text()))
        assert said.config_for(3)["unclean.leader.election.enable"] == "false"
        assert said.config_for(3)["retention.ms"] == "-1"
