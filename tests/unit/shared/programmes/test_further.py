"""A fourth programme is a file: nothing in the code knows which ones there are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
import structlog
from pydantic import SecretStr

from shared.decider import Fact
from shared.eventlog import Codec
from shared.programmes import (
    ProgrammeFileError,
    every_programme,
    load_programme,
    programmes,
)
from shared.settings import CommonSettings
from shared.web.service import Definition, Parts, Wiring, service_app
from tests.support.programmes import changed, further_programmes, version, write

FOURTH = changed(("code: ATS", "code: FOURTH"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The operator's own folder, still empty."""
    with further_programmes(tmp_path) as folder:
        yield folder


class TestFourthProgramme:
    def test_is_added_by_its_file_alone(self, folder: Path) -> None:
        """Source: domain.md: a fourth programme is a new file."""
        before = {each.code for each in programmes()}
        every_programme.cache_clear()
        write(folder, fourth=FOURTH)
        assert {each.code for each in programmes()} == before | {"FOURTH"}
        assert load_programme("FOURTH").template("phases") is not None

    def test_is_refused_when_malformed_by_file_and_field(self, folder: Path) -> None:
        """Source: house-style.md: every input is refused with what is wrong, where."""
        wrong = changed(("window_weeks: {value: 6", "window_weeks: {value: 0"))
        write(folder, fourth=wrong)
        with pytest.raises(ProgrammeFileError) as refused:
            programmes()
        named = str(refused.value)
        assert named.startswith("fourth.yaml: correct policy.resubmission.window_weeks")

    def test_may_be_a_later_version_of_a_programme_there_is(self, folder: Path) -> None:
        """Source: domain.md section 2: versioned; a case pins its versions."""
        old = load_programme("ATS")
        every_programme.cache_clear()
        write(folder, mine=version("2099.1", "2099.1", title="Later"))
        assert load_programme("ATS").title == "Later"
        assert load_programme("ATS", old.programme_version, old.policy_version) == old


class TestProgrammesDirectory:
    def test_must_be_there(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PROGRAMMES_DIRECTORY", str(folder / "nowhere"))
        with pytest.raises(ProgrammeFileError, match="nowhere: there is no such"):
            programmes()


class Happened(Fact):
    type: Literal["review.Happened"] = "review.Happened"


def never(_parts: Parts) -> Wiring:
    raise AssertionError


class TestService:
    async def test_does_not_start_on_a_malformed_file(self, folder: Path) -> None:
        """Source: house-style.md: no default hides a missing value."""
        write(folder, fourth=changed(("duration_months:", "duration_weeks:")))
        settings = CommonSettings(
            database_url=SecretStr("postgresql://nobody:none@127.0.0.1:1/none"),
            kafka_bootstrap_servers="127.0.0.1:1",
            keystore_url=SecretStr("sqlite:///nowhere"),
            key_encryption_key=SecretStr("none"),
            evidence_url="file:///nowhere",
            oidc_issuer="http://127.0.0.1:1",
            service_token_secret=SecretStr("0" * 32),
        )
        app = service_app(
            Definition(
                name="review",
                settings=settings,
                codec=Codec(Happened),
                read_models=(),
                wire=never,
            )
        )
        starting = app.router.lifespan_context(app)
        with pytest.raises(ProgrammeFileError, match=r"fourth\.yaml: correct"):
            await starting.__aenter__()
        structlog.reset_defaults()
