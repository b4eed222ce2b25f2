"""A fourth programme is a file: nothing in the code knows which ones there are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.programmes import (
    ProgrammeFileError,
    every_programme,
    load_programme,
    programmes,
)
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
