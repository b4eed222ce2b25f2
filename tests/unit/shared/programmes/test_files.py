"""A faulty programme file is refused with its name and its fields."""

import pytest
import yaml
from pydantic import ValidationError

from shared.contracts.programme import Programme
from shared.programmes import (
    FOLDER,
    ProgrammeFileError,
    load_programme,
    parse_programme,
)
from tests.support.programmes import ATS_TEXT, changed, template


class TestProgramme:
    def test_cannot_be_changed_after_loading(self) -> None:
        with pytest.raises(ValidationError):
            load_programme("ATS").title = "Other"  # type: ignore[misc]

    def test_knows_whose_contribution_a_section_is_by_its_key(self) -> None:
        feedback = template("ATS", "phases").section("feedback-360")
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


class TestParseProgramme:
    @pytest.mark.parametrize("code", ["ADVANCED-MENTOR", "ATS", "QTLS"])
    def test_returns_equal_values_after_a_round_trip_through_json(
        self, code: str
    ) -> None:
        programme = load_programme(code)
        assert Programme.model_validate_json(programme.model_dump_json()) == programme

    @pytest.mark.parametrize(
        ("old", "new", "named"),
        [
            (
                "duration_months: {value: 12, source: S0}",
                "duration_month: 12",
                "duration_months: Field",
            ),
            ("duration_months:", "fee: 1\nduration_months:", "fee: Extra"),
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
            (
                "viva: required",
                "viva: none",
                "policy.viva: does not go with viva: none",
            ),
            (
                "{value: 6, source: P}",
                "{value: 10001, source: P}",
                "window_weeks.value",
            ),
            ("[14, 7, 2]", "[7, 14, 2]", "reminder_days: must fall"),
            ("[14, 7, 2]", "[42, 7, 2]", "reminder_days: must all be shorter"),
            ("{value: 45,", "{value: 61,", "minutes_at_most: must not be below"),
            ("{value: [10],", "{value: [4, 10],", "start_months: name 1 different"),
            ("{value: [10],", "{value: [13],", "cohorts.start_months.value.0: Input"),
            ("answers: experience", "answers: mystery", "answer each requirement"),
            (
                "{key: name, title: Name",
                "{key: nom, title: Name",
                "must ask for 'name'",
            ),
            ("title: Telephone", "title: Name", "label used twice"),
            ("start: {value: 3", "start: {value: 5", "closes_months_before_start"),
            ("key: experience", "key: holds-qtls", "requirement used twice"),
            ("key: part-time", "key: full-time", "employment: value used twice"),
            ("key: lack-of-independence", "key: procedural-error", "ground used twice"),
            ("- restart", "- award", "letter used twice"),
            ("minimum: 3, source: S0", "minimum: 3", "parts.2.source: Field required"),
            (
                "kind: table",
                "kind: prose",
                "columns: not for a section of kind 'prose'",
            ),
            ("kind: prose", "kind: table", "columns: needed by a section of kind"),
            ("kind: prose", "kind: essay", "sections.0.kind: Input should be"),
            (
                "key: actions, t",
                "key: by, t",
                "section 'development-plan': column used",
            ),
            ("{by: mentor, reads_portfolio: true", "{by: friend", "written_by.by: Inp"),
            ("support:\n  title: Mentor", "support: null\nx:\n  title: M", "x: Extra"),
        ],
    )
    def test_names_the_file_and_the_field(self, old: str, new: str, named: str) -> None:
        with pytest.raises(ProgrammeFileError) as refused:
            parse_programme(changed((old, new)), file="ats.yaml")
        assert str(refused.value).startswith("ats.yaml: correct ")
        assert named in str(refused.value)

    @pytest.mark.parametrize(
        ("old", "new", "named"),
        [
            ("groups: [teaching]", "groups: [taught]", "teaching.groups: no group"),
            ("numbers: [1, 3]", "numbers: [1, 9]", "1 maps to personal-qualities 1, 9"),
            ("{group: conduct,", "{group: conducts,", "1 maps to conducts 1, which no"),
            ("{by: school,", "{by: mentor,", "written by a mentor, but the programme"),
            ("- number: 12\n", "- number: 13\n", "'performance-criteria': rows: must"),
            ("number: 8\n        title: Wider", "number: 9\n        title: Wider",
             "related_standards: teachers: must count"),
            ("  - award", "  - viva-booked", "there is no viva, so no viva-booked"),
            ("key: amber", "key: red", "section 'personal-qualities': rating used"),
        ],
    )  # fmt: skip
    def test_names_what_does_not_hang_together(
        self, old: str, new: str, named: str
    ) -> None:
        form = (FOLDER / "advanced-mentor.yaml").read_text()
        with pytest.raises(ProgrammeFileError) as refused:
            parse_programme(changed((old, new), text=form), file="form.yaml")
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
