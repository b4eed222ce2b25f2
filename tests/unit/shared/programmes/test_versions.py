"""Versions of a programme stay apart: a later one never re-interprets an earlier."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.programmes import (
    FOLDER,
    ProgrammeFileError,
    Programmes,
    UnknownProgrammeError,
    UnknownProgrammeVersionError,
    load_programme,
    programme_of,
    programmes,
    read_programmes,
)
from tests.support.programmes import ATS_TEXT, version, write


@dataclass(frozen=True, slots=True)
class Case:
    programme: str
    programme_version: str
    policy_version: str


def _weeks(weeks: int) -> dict[str, object]:
    return {"value": weeks, "source": "P"}


@pytest.fixture
def three(tmp_path: Path) -> Programmes:
    """Three versions; the file names say nothing about which is the latest."""
    return read_programmes(
        write(
            tmp_path,
            a=version("2025.10", "2026.1", title="Latest"),
            b=version("2025.9", "2025.1"),
            c=version("2025.9", "2025.2", policy__resubmission__window_weeks=_weeks(8)),
        )
    )


class TestPinnedVersions:
    def test_are_returned_exactly_whatever_came_later(self, three: Programmes) -> None:
        """Source: domain.md section 2: a later version never re-interprets."""
        first = three.load("ATS", "2025.9", "2025.1")
        assert first.title == "Advanced Teacher Status"
        assert first.policy.resubmission.window_weeks.value == 6
        second = three.load("ATS", "2025.9", "2025.2")
        assert second.policy.resubmission.window_weeks.value == 8

    def test_are_refused_when_their_file_is_gone(self, three: Programmes) -> None:
        """Source: domain.md section 2."""
        with pytest.raises(UnknownProgrammeVersionError) as refused:
            three.load("ATS", "2025.9", "2026.1")
        assert str(refused.value) == (
            "ATS has no version 2025.9 with policy 2026.1: there is"
            " version 2025.9 with policy 2025.1; version 2025.9 with policy 2025.2;"
            " version 2025.10 with policy 2026.1."
        )

    def test_are_found_for_whatever_pins_them(self) -> None:
        ats = load_programme("ATS")
        pinned = Case("ATS", ats.programme_version, ats.policy_version)
        assert programme_of(pinned) == ats
        with pytest.raises(UnknownProgrammeVersionError):
            programme_of(Case("ATS", "1999.1", ats.policy_version))


class TestEveryVersion:
    def test_is_listed_the_oldest_first(self, three: Programmes) -> None:
        versions = [
            (each.programme_version, each.policy_version) for each in three.every()
        ]
        assert versions == [
            ("2025.9", "2025.1"),
            ("2025.9", "2025.2"),
            ("2025.10", "2026.1"),
        ]


class TestSaid:
    """Source: domain.md section 2: a later version never re-interprets."""

    def test_is_one_digest_of_each_version(self, three: Programmes) -> None:
        assert list(three.said()) == [
            "ATS version 2025.10 with policy 2026.1",
            "ATS version 2025.9 with policy 2025.1",
            "ATS version 2025.9 with policy 2025.2",
        ]

    @pytest.mark.parametrize(
        "change",
        [{"title": "Other"}, {"policy__restart__fee_pence": _weeks(9)}],
        ids=["programme", "policy"],
    )
    def test_differs_when_a_word_does(
        self, tmp_path: Path, change: dict[str, object]
    ) -> None:
        before, after = tmp_path / "before", tmp_path / "after"
        before.mkdir()
        after.mkdir()
        write(before, a=version("2025.1", "2025.1"))
        write(after, a=version("2025.1", "2025.1", **change))
        told = [read_programmes(each).said() for each in (before, after)]
        assert told[0].keys() == told[1].keys()
        assert told[0] != told[1]


class TestCurrentVersion:
    def test_is_the_latest_by_number_not_by_letters(self, three: Programmes) -> None:
        assert three.load("ATS").title == "Latest"
        assert [each.title for each in three.current()] == ["Latest"]

    def test_is_the_latest_policy_of_the_version_asked_for(
        self, three: Programmes
    ) -> None:
        assert three.load("ATS", "2025.9").policy_version == "2025.2"


class TestProgrammes:
    def test_are_ordered_by_code(self) -> None:
        codes = [each.code for each in programmes()]
        assert codes == sorted(codes)

    def test_are_named_when_the_code_is_unknown(self) -> None:
        with pytest.raises(UnknownProgrammeError, match=r"use one of .*ATS"):
            load_programme("ATX")

    def test_refuse_two_files_of_one_version(self, tmp_path: Path) -> None:
        write(tmp_path, a=ATS_TEXT.encode(), b=ATS_TEXT.encode())
        with pytest.raises(ProgrammeFileError, match=r"b\.yaml: code: 'ATS'.*is taken"):
            read_programmes(tmp_path)

    @pytest.mark.parametrize(
        ("later", "named"),
        [
            (
                version("2025.1", "2025.2", title="Other"),
                "b.yaml: programme_version: 2025.1 says something else",
            ),
            (
                version("2025.2", "2025.1", policy__restart__fee_pence=_weeks(9)),
                "b.yaml: policy.policy_version: 2025.1 says something else",
            ),
        ],
    )
    def test_refuse_a_change_without_a_version_of_its_own(
        self, tmp_path: Path, later: bytes, named: str
    ) -> None:
        """Source: domain.md section 2: versioned."""
        write(tmp_path, a=version("2025.1", "2025.1"), b=later)
        with pytest.raises(ProgrammeFileError) as refused:
            read_programmes(tmp_path)
        assert str(refused.value).startswith(named)

    def test_refuse_the_version_of_a_built_in_file(self, tmp_path: Path) -> None:
        write(tmp_path, mine=ATS_TEXT.encode())
        with pytest.raises(ProgrammeFileError, match=r"mine\.yaml: code"):
            read_programmes(FOLDER, tmp_path)
