"""The programme files: ATS is complete, and a faulty file is named with its fields."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from shared.contracts.programme import Layout, Programme
from shared.programmes import (
    FOLDER,
    ProgrammeFileError,
    UnknownProgrammeError,
    load_programme,
    parse_programme,
    programmes,
    read_programmes,
)

ATS_TEXT = (FOLDER / "ats.yaml").read_text()


def changed(old: str, new: str) -> bytes:
    """Return the ATS file with *old*, which must be there, replaced."""
    assert old in ATS_TEXT
    return ATS_TEXT.replace(old, new, 1).encode()


class TestAts:
    def test_lasts_twelve_months_and_has_a_viva(self) -> None:
        """Source: S0, S1."""
        ats = load_programme("ATS")
        assert (ats.duration_months, ats.viva) == (12, "required")

    def test_has_both_templates(self) -> None:
        """Source: S0 (phases), S1 (workbook)."""
        layouts = {each.code: each.layout for each in load_programme("ATS").templates}
        assert layouts == {"workbook": Layout.DOCUMENT, "phases": Layout.FOLDER}

    def test_names_the_five_sections_of_the_workbook_in_order(self) -> None:
        """Source: S1."""
        workbook = load_programme("ATS").template("workbook")
        assert workbook is not None
        assert [each.title for each in workbook.sections] == [
            "Introduction",
            "Professional development plan",
            "Improvement project or case study",
            "Case studies, reports and research",
            "Final action plan",
        ]

    def test_asks_for_one_colleague_one_manager_and_three_learners(self) -> None:
        """Source: S0."""
        phases = load_programme("ATS").template("phases")
        assert phases is not None
        feedback = phases.section("feedback-360")
        assert feedback is not None
        assert {each.key: each.minimum for each in feedback.parts} == {
            "colleague": 1,
            "manager": 1,
            "learner": 3,
        }

    def test_knows_whose_contribution_a_section_is_by_its_key(self) -> None:
        phases = load_programme("ATS").template("phases")
        assert phases is not None
        feedback = phases.section("feedback-360")
        assert feedback is not None
        keys = [feedback.part_key(part, 1) for part in feedback.parts]
        assert keys == [
            "feedback-360-colleague",
            "feedback-360-manager",
            "feedback-360-learner-1",
        ]
        assert [feedback.part_of(key) for key in keys] == list(feedback.parts)
        assert feedback.part_of("feedback-360-learner-12") == feedback.parts[2]
        for other in ("feedback-360", "1", "feedback-360-learner-x", "evidence-1"):
            assert feedback.part_of(other) is None

    def test_judges_the_three_criteria_on_four_levels(self) -> None:
        """Source: S1; the scale is P."""
        ats = load_programme("ATS")
        assert [each.code for each in ats.criteria] == [
            "authenticity",
            "sufficiency",
            "reliability",
        ]
        assert [each.level for each in ats.scale] == [1, 2, 3, 4]
        assert all(len(each.descriptors) == 4 for each in ats.criteria)

    def test_groups_the_twenty_standards_as_six_six_and_eight(self) -> None:
        sizes = [len(each.standards) for each in load_programme("ATS").standards]
        assert sizes == [6, 6, 8]

    def test_gives_the_source_of_every_number_in_its_policy(self) -> None:
        policy = load_programme("ATS").policy
        assert policy.uploads.file_bytes.value == 50 * 1024 * 1024
        assert policy.uploads.portfolio_bytes.value == 250 * 1024 * 1024
        assert policy.uploads.unpacked_bytes.value == 500 * 1024 * 1024
        assert policy.review.claim_lease_minutes.source == "P"
        assert policy.review.period_months.source == "S2 4.4"

    def test_cannot_be_changed_after_loading(self) -> None:
        with pytest.raises(ValidationError):
            load_programme("ATS").title = "Other"  # type: ignore[misc]


class TestLoadProgramme:
    def test_names_the_known_programmes_when_the_code_is_unknown(self) -> None:
        with pytest.raises(UnknownProgrammeError, match="use one of ATS"):
            load_programme("ATX")

    def test_finds_a_new_programme_by_its_file_alone(self, tmp_path: Path) -> None:
        (tmp_path / "ats.yaml").write_text(ATS_TEXT)
        (tmp_path / "new.yaml").write_bytes(changed("code: ATS", "code: NEW"))
        assert [each.code for each in read_programmes(tmp_path)] == ["ATS", "NEW"]

    def test_orders_the_programmes_by_code(self) -> None:
        codes = [each.code for each in programmes()]
        assert codes == sorted(codes)

    def test_refuses_two_files_with_the_same_code(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(ATS_TEXT)
        (tmp_path / "b.yaml").write_text(ATS_TEXT)
        with pytest.raises(ProgrammeFileError, match=r"b\.yaml: code: 'ATS' is taken"):
            read_programmes(tmp_path)


class TestParseProgramme:
    def test_returns_equal_values_after_a_round_trip_through_json(self) -> None:
        ats = load_programme("ATS")
        assert Programme.model_validate_json(ats.model_dump_json()) == ats

    @pytest.mark.parametrize(
        ("old", "new", "named"),
        [
            ("duration_months: 12", "duration_month: 12", "duration_months: Field"),
            ("duration_months: 12", "duration_months: 12\nfee: 1", "fee: Extra"),
            ("viva: required", "viva: perhaps", "viva: Input should be"),
            ("value: 60, source: P", "value: 60", "claim_lease_minutes.source: Field"),
            ("value: 60, source: P", "value: 0, source: P", "claim_lease_minutes.val"),
            ("value: 60, source: P", "value: 60, source: Q9", "lease_minutes.source"),
            ("number: 20", "number: 19", "standards: must count up from 1"),
            ("{level: 4, title: Exceeded}", "{level: 5, title: E}", "scale: levels"),
            ("code: reliability", "code: sufficiency", "criterion used twice"),
            ("code: phases", "code: workbook", "template used twice"),
            ("title: Critical incident", "title: About you", "name of a section used"),
            ("met_level: {value: 3", "met_level: {value: 7", "policy.review.met_level"),
        ],
    )
    def test_names_the_file_and_the_field(self, old: str, new: str, named: str) -> None:
        with pytest.raises(ProgrammeFileError) as refused:
            parse_programme(changed(old, new), file="ats.yaml")
        assert str(refused.value).startswith("ats.yaml: correct ")
        assert named in str(refused.value)

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            (b"code: [", "line 2"),
            (b"- one\n- two", "must be a mapping"),
            (b"code: A\ncode: B", "line 2: the field 'code' is there twice"),
            (b"code: &a A\ntitle: *a", "line 1: an anchor and alias"),
            (b"code: \xff", "not saved as UTF-8"),
            (b"code: 2025-13-45", "not text, a number or a possible date"),
            (b"code: " + b"[" * 5000, "cannot be read"),
        ],
    )
    def test_refuses_what_is_not_plain_yaml(self, text: bytes, named: str) -> None:
        with pytest.raises(ProgrammeFileError, match=r"bad\.yaml") as refused:
            parse_programme(text, file="bad.yaml")
        assert named in str(refused.value)

    def test_lists_every_problem_at_once(self) -> None:
        content = yaml.safe_load(ATS_TEXT)
        del content["title"], content["code"]
        with pytest.raises(ProgrammeFileError) as refused:
            parse_programme(yaml.safe_dump(content).encode(), file="ats.yaml")
        assert "title: Field required" in str(refused.value)
        assert "code: Field required" in str(refused.value)
