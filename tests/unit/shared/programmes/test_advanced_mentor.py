"""The Advanced Mentor certificate: the parts of its form, and their counts."""

from shared.contracts.programme import Layout, SectionKind, SectionTemplate
from shared.programmes import load_programme
from tests.support.programmes import asked, numbers_without_source, template

MENTOR = load_programme("ADVANCED-MENTOR")
RATED = [
    "personal-qualities",
    "teaching",
    "professionalism",
    "development-and-partnership",
]


def section(key: str) -> SectionTemplate:
    found = template("ADVANCED-MENTOR", "form").section(key)
    assert found is not None
    return found


class TestAdvancedMentor:
    def test_is_one_word_document(self) -> None:
        """Source: S4."""
        (found,) = MENTOR.templates
        assert (found.source, found.layout) == ("S4", Layout.DOCUMENT)

    def test_rates_21_statements_under_four_mentor_standards(self) -> None:
        """Source: S4."""
        assert [each.code for each in MENTOR.standards] == RATED
        assert len(MENTOR.every_standard()) == 21

    def test_rates_each_standard_in_a_section_of_its_own(self) -> None:
        """Source: S4."""
        for group in MENTOR.standards:
            rating = section(group.code)
            assert rating.kind is SectionKind.SELF_ASSESSMENT
            assert MENTOR.rated_standards(rating) == group.standards

    def test_rates_in_red_amber_and_green(self) -> None:
        """Source: S4."""
        for key in RATED:
            ratings = [each.key for each in section(key).ratings]
            assert ratings == ["red", "amber", "green"]

    def test_asks_for_strengths_targets_and_actions_for_each_standard(self) -> None:
        """Source: S4."""
        for key in RATED:
            boxes = [each.key for each in section(key).boxes]
            assert boxes == ["strengths", "targets", "actions"]

    def test_has_twelve_performance_criteria_each_achieved_or_not(self) -> None:
        """Source: S4."""
        criteria = section("performance-criteria")
        assert criteria.kind is SectionKind.CRITERIA
        assert len(criteria.rows) == 12
        assert [each.key for each in criteria.columns] == [
            "criterion",
            "evidence",
            "achieved",
        ]

    def test_maps_the_criteria_to_teaching_personal_and_mentor_standards(self) -> None:
        """Source: S4."""
        rows = section("performance-criteria").rows
        assert all(any(each.group in RATED for each in row.maps_to) for row in rows)
        named = {each.group for row in rows for each in row.maps_to}
        assert named == {"teachers", "conduct", *RATED}

    def test_has_the_coaching_and_the_co_coaching_checklist(self) -> None:
        """Source: S4."""
        for key in ("coaching-checklist", "co-coaching-checklist"):
            assert section(key).kind is SectionKind.CHECKLIST
            columns = [each.key for each in section(key).columns]
            assert columns == ["skill", "yes", "no", "example"]

    def test_accepts_a_form_without_the_co_coaching_checklist(self) -> None:
        """Source: domain.md section 2: an import with fewer rows is accepted."""
        optional = [
            each.key
            for each in template("ADVANCED-MENTOR", "form").sections
            if not each.required
        ]
        assert optional == ["co-coaching-checklist"]

    def test_asks_thirteen_reflection_questions(self) -> None:
        """Source: S4."""
        questions = section("reflection-questions")
        assert questions.kind is SectionKind.QUESTIONS
        assert len(questions.rows) == 13
        assert all(each.text.endswith("?") for each in questions.rows)

    def test_is_verified_by_head_teacher_and_recognition_team(self) -> None:
        """Source: S4."""
        signing = section("verification")
        assert signing.kind is SectionKind.VERIFICATION
        roles = {each.text for each in signing.rows}
        assert {"Head teacher", "Recognition team"} <= roles

    def test_holds_the_comments_of_school_and_university(self) -> None:
        """Source: S4."""
        assert asked(template("ADVANCED-MENTOR", "form")) == [
            ("school-comments", "school", 1, True),
            ("university-comments", "university", 1, True),
        ]

    def test_is_judged_on_the_three_criteria_without_viva(self) -> None:
        """Source: P: the source has no CM or CNM for it."""
        assert [each.code for each in MENTOR.criteria] == [
            "authenticity",
            "sufficiency",
            "reliability",
        ]
        assert MENTOR.viva == "none"

    def test_appoints_nobody_to_accompany_the_participant(self) -> None:
        """Source: P: the participant is the mentor."""
        assert MENTOR.support is None

    def test_gives_a_certificate_and_no_letters_after_the_name(self) -> None:
        """Source: S4 (a certificate of recognition)."""
        assert MENTOR.award.certificate.value
        assert MENTOR.award.post_nominals.value == ()
        assert MENTOR.award.grade is None

    def test_gives_the_source_of_every_number(self) -> None:
        """Source: domain.md: a number without a source is a defect."""
        assert numbers_without_source(MENTOR) == []
