"""Qualified Teacher Learning and Skills: what its file says, and from where."""

from shared.contracts.programme import Layout, SectionKind
from shared.programmes import load_programme
from tests.support.programmes import asked, numbers_without_source, template

QTLS = load_programme("QTLS")


class TestQtls:
    def test_is_six_months_of_professional_formation(self) -> None:
        """Source: S2."""
        assert QTLS.duration_months.value == 6
        assert QTLS.duration_months.source == "S2"

    def test_needs_no_application(self) -> None:
        """Source: P: only for ATS do the sources name one."""
        assert QTLS.entry.application is None

    def test_has_a_supporter_whom_the_participant_appoints(self) -> None:
        """Source: S2."""
        assert QTLS.support is not None
        assert QTLS.support.title == "Supporter"
        assert QTLS.support.appointed_by.value == "participant"

    def test_has_no_viva(self) -> None:
        """Source: domain.md section 2: only ATS has one in the sources."""
        assert QTLS.viva == "none"
        assert QTLS.policy.viva is None
        assert [each for each in QTLS.letters if "viva" in each] == []

    def test_has_one_template_of_eleven_sections(self) -> None:
        """Source: P: its sections are in none of our sources."""
        (found,) = QTLS.templates
        assert (found.source, found.layout) == ("P", Layout.FOLDER)
        assert [each.title for each in found.sections] == [
            "About you",
            "Self-assessment",
            "Development plan",
            "CPD log",
            "Observation",
            "Teaching, learning and assessment",
            "Learner support",
            "Improvement project",
            "Critical narrative",
            "Supporter statement",
            "Manager statement",
        ]

    def test_asks_supporter_and_manager_for_statements(self) -> None:
        """Source: domain.md section 2 (P)."""
        assert asked(template("QTLS", "formation")) == [
            ("observation", "observer", 1, False),
            ("supporter-statement", "mentor", 1, True),
            ("manager-statement", "manager", 1, True),
        ]

    def test_rates_the_same_twenty_standards_as_ats(self) -> None:
        """Source: ETF, by domain.md section 2."""
        rating = template("QTLS", "formation").section("self-assessment")
        assert rating is not None
        assert rating.kind is SectionKind.SELF_ASSESSMENT
        assert QTLS.rated_standards(rating) == load_programme("ATS").every_standard()

    def test_judges_the_same_three_criteria_in_words_of_its_own(self) -> None:
        """Source: S1: the same three in every programme."""
        ats = load_programme("ATS")
        assert [each.code for each in QTLS.criteria] == [
            each.code for each in ats.criteria
        ]
        assert [each.question for each in QTLS.criteria] == [
            each.question for each in ats.criteria
        ]
        assert QTLS.criteria != ats.criteria

    def test_gives_the_source_of_every_number(self) -> None:
        """Source: domain.md: a number without a source is a defect."""
        assert numbers_without_source(QTLS) == []
