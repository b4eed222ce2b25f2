"""A whole cohort on what is deployed: every service in a container of its own."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from services.cli.client import SERVICES, ClientSettings, connected
from services.cli.upkeep import examine
from tests.containers.composed import ONE_SHOT, Composed
from tests.support.processes import attest, finished

FINDING = '{"check"'
PLAY_SECONDS = 1_500
"""Far above the time that the cohort takes on two busy cores."""
STORES = ("postgres", "keys", "kafka")
"""Of others; they write what they like."""
BAD_LINES = ('"level": "error"', '"level": "critical"', "Traceback")


EXAMINERS = ("operations", "auditor")
FOLD_SECONDS = 120


def cases_in(composed: Composed) -> dict[str, str]:
    """Return the state of each case, as submission tells it."""
    with connected(ClientSettings(url=composed.url)) as client:
        pages = client.pages("/submission/cases", limit=500)
        return {case["case_id"]: case["state"] for case in pages}


def eventually_equal(found: Callable[[], object], expected: object) -> None:
    """Wait until read models that are built anew have caught up."""
    give_up = time.monotonic() + FOLD_SECONDS
    while found() != expected and time.monotonic() < give_up:
        time.sleep(0.5)
    assert found() == expected


@pytest.fixture(scope="module")
def composed(composed_services: Composed) -> Composed:
    """What `deploy/compose.yaml` describes, healthy."""
    return composed_services


@pytest.mark.timeout(PLAY_SECONDS)
class TestDemo:
    async def test_holds_every_check_with_each_service_in_its_own_container(
        self, composed: Composed, tmp_path: Path
    ) -> None:
        demo = attest(
            *("demo", "--url", composed.url, "--format", "json"),
            log=tmp_path / "demo.log",
        )
        printed = await finished(demo)
        lines = [line for line in printed.splitlines() if line.startswith(FINDING)]
        findings = {found["check"]: found["holds"] for found in map(json.loads, lines)}
        assert len(findings) > len(SERVICES)
        assert all(findings.values()), findings
        with connected(ClientSettings(url=composed.url)) as client:
            assert list(client.pages("/mailbox/letters"))

    def test_leaves_everything_healthy_and_no_error_in_any_log(
        self, composed: Composed
    ) -> None:
        composed.wait_until_healthy()
        ours = set(composed.containers()) - set(STORES)
        bad = {
            name: line
            for name in ours
            for line in composed.lines(name)
            if any(each in line for each in BAD_LINES)
        }
        assert bad == {}


@pytest.mark.timeout(PLAY_SECONDS)
class TestRestore:
    def test_brings_back_what_was_backed_up(
        self, composed: Composed, tmp_path: Path
    ) -> None:
        """The cohort is played before; its letters are no part of the copy."""
        copy = str(tmp_path / "copy")
        before = cases_in(composed)
        composed.run("deploy/backup", copy)
        composed.down()
        composed.run("deploy/restore", copy)
        composed.up()
        assert before
        eventually_equal(lambda: cases_in(composed), before)
        with connected(ClientSettings(url=composed.url), roles=EXAMINERS) as client:
            head = client.get("/operations/log/head")
            findings = {each["check"]: each["holds"] for each in examine(client)}
            sent_again = list(client.pages("/mailbox/letters"))
        assert head["epoch"] == 2
        assert head["demonstration"] is True
        assert all(findings.values()), findings
        assert sent_again == []


class TestContainers:
    def test_are_those_of_every_service(self, composed: Composed) -> None:
        assert set(SERVICES) <= set(composed.containers())

    def test_run_ours_as_nobody_in_particular_on_a_file_system_of_stone(
        self, composed: Composed
    ) -> None:
        for name in (*SERVICES, *ONE_SHOT, "gateway", "stand-ins"):
            container = composed.containers()[name]
            assert container.attrs["Config"]["User"] not in {"", "0", "root"}, name
            assert container.attrs["HostConfig"]["ReadonlyRootfs"], name
            assert container.attrs["HostConfig"]["CapDrop"] == ["ALL"], name

    def test_publish_the_gateway_alone(self, composed: Composed) -> None:
        published = {
            name
            for name, container in composed.containers().items()
            if any(container.ports.values())
        }
        assert published == {"gateway"}


class TestGateway:
    @pytest.mark.parametrize(
        "path",
        [
            "/submission/internal/people",
            "/submission/%69nternal/people",
            "/review//internal/x",
            "/review/x/../internal/x",
            "/review/metrics",
            "/postgres/",
            "/gateway/livez",
            "/nothing",
        ],
    )
    def test_does_not_pass_on(self, composed: Composed, path: str) -> None:
        answer = httpx.get(f"{composed.url}{path}")
        assert answer.status_code == 404
        assert answer.headers["server"] == "nginx"
        assert "application/problem+json" not in answer.headers["content-type"]

    def test_passes_an_address_on_as_it_came(self, composed: Composed) -> None:
        with connected(ClientSettings(url=composed.url)) as client:
            token = client.get("/submission/maintenance/position")
            assert "position" in token
        answer = httpx.get(f"{composed.url}/submission/cases/a%20b%0D%0AX-Bad:%20yes")
        assert answer.status_code in {401, 404, 422}
        assert "application/problem+json" in answer.headers["content-type"]

    def test_leads_whoever_signs_in_to_cases_and_letters(
        self, composed: Composed
    ) -> None:
        with httpx.Client(base_url=composed.url, follow_redirects=True) as browser:
            assert "sign-in" in browser.get("/").text
            front = browser.post("/sign-in", data={"person_id": "operator"})
            letters = browser.get("/mailbox")
            style = browser.get("/mailbox/style.css")
        assert "A development instance" in front.text
        assert all(case in front.text for case in cases_in(composed))
        assert letters.headers["content-type"].startswith("text/html")
        assert style.headers["content-type"].startswith("text/css")

    def test_writes_no_address_down(self, composed: Composed) -> None:
        httpx.get(f"{composed.url}/submission/links/s3cret-of-a-letter")
        httpx.get(f"{composed.url}/nothing/s3cret-of-a-letter")
        assert not [one for one in composed.lines("gateway") if "s3cret" in one]
