"""Advanced Teacher Status: what its file says, with the source of each rule."""

from shared.contracts.programme import Layout, SectionKind
from shared.programmes import load_programme
from tests.support.programmes import (
    asked,
    numbers_without_source,
    template,
)

ATS = load_programme("ATS")


class TestEntryToAts:
    def test_needs_an_application_three_to_four_months_before_the_start(self) -> None:
        """Source: S0."""
        application = ATS.entry.application
        assert application is not None
        assert application.opens_months_before_start.value == 4
        assert application.closes_months_before_start.value == 3

    def test_is_decided_by_a_panel(self) -> None:
        """Source: S0."""
        application = ATS.entry.application
        assert application is not None
        assert application.decided_by.value == "panel"

    def test_asks_for_qtls_four_years_and_impact_on_colleagues(self) -> None:
        """Source: S0."""
        keys = [each.key for each in ATS.entry.requirements]
        assert keys == ["holds-qtls", "experience", "impact-on-colleagues"]
        experience = ATS.entry.requirement("experience")
        assert experience is not None
        assert experience.years is not None
        assert experience.years.value == 4
        assert ATS.entry.requirement("a-degree") is None

    def test_begins_once_a_year_in_october(self) -> None:
        """Source: S0."""
        assert ATS.cohorts is not None
        assert ATS.cohorts.per_year.value == 1
        assert ATS.cohorts.start_months.value == (10,)


class TestAts:
    def test_lasts_twelve_months_and_has_a_viva(self) -> None:
        """Source: S0, S1."""
        assert (ATS.duration_months.value, ATS.viva) == (12, "required")

    def test_lets_a_participant_without_a_mentor_ask_for_one(self) -> None:
        """Source: S1, S2 6.1.3."""
        assert ATS.support is not None
        assert ATS.support.appointed_by.value == "participant"
        assert ATS.support.may_ask_for_one.value

    def test_has_both_templates(self) -> None:
        """Source: S0 (phases), S1 (workbook)."""
        layouts = {each.code: each.layout for each in ATS.templates}
        assert layouts == {"workbook": Layout.DOCUMENT, "phases": Layout.FOLDER}

    def test_names_the_five_sections_of_the_workbook_in_order(self) -> None:
        """Source: S1."""
        assert [each.title for each in template("ATS", "workbook").sections] == [
            "Introduction",
            "Professional development plan",
            "Improvement project or case study",
            "Case studies, reports and research",
            "Final action plan",
        ]

    def test_names_the_sections_of_the_phases_in_order(self) -> None:
        """Source: S0."""
        assert [each.key for each in template("ATS", "phases").sections] == [
            "about-you",
            "self-assessment",
            "observation",
            "feedback-360",
            "development-plan",
            "cpd-log",
            "coaching",
            "technology",
            "improvement-project",
            "critical-incident",
            "reflective-diary",
            "critical-narrative",
            "mentor-statement",
            "manager-statement",
        ]

    def test_asks_about_qualifications_reasons_and_role_in_the_phases(self) -> None:
        """Source: S0."""
        about_you = template("ATS", "phases").section("about-you")
        assert about_you is not None
        assert [each.key for each in about_you.boxes] == [
            "qualifications",
            "reasons",
            "role",
        ]

    def test_asks_for_one_colleague_one_manager_and_three_learners(self) -> None:
        """Source: S0."""
        feedback = template("ATS", "phases").section("feedback-360")
        assert feedback is not None
        assert {each.key: each.minimum for each in feedback.parts} == {
            "colleague": 1,
            "manager": 1,
            "learner": 3,
        }

    def test_lets_mentor_and_manager_read_the_portfolio_for_their_statements(
        self,
    ) -> None:
        """Source: S0."""
        assert asked(template("ATS", "phases")) == [
            ("observation", "observer", 1, False),
            ("feedback-360", "colleague", 1, False),
            ("feedback-360", "manager", 1, False),
            ("feedback-360", "learner", 3, False),
            ("mentor-statement", "mentor", 1, True),
            ("manager-statement", "manager", 1, True),
        ]

    def test_rates_each_of_the_twenty_standards(self) -> None:
        """Source: S0 (a rating and a comment for each), ETF (the standards)."""
        rating = template("ATS", "phases").section("self-assessment")
        assert rating is not None
        assert rating.kind is SectionKind.SELF_ASSESSMENT
        rated = ATS.rated_standards(rating)
        assert [each.number for each in rated] == list(range(1, 21))

    def test_groups_the_twenty_standards_as_six_six_and_eight(self) -> None:
        """Source: ETF, by domain.md section 2."""
        sizes = [(each.code, len(each.standards)) for each in ATS.standards]
        assert sizes == [("values", 6), ("knowledge", 6), ("skills", 8)]

    def test_knows_the_four_deployment_models(self) -> None:
        """Source: S3."""
        assert [each.key for each in ATS.role_contexts] == [
            "deficit",
            "developmental",
            "universal",
            "pan-organisational",
        ]

    def test_judges_the_three_criteria_on_four_levels(self) -> None:
        """Source: S1; the scale is P."""
        assert [each.code for each in ATS.criteria] == [
            "authenticity",
            "sufficiency",
            "reliability",
        ]
        assert [each.level for each in ATS.scale] == [1, 2, 3, 4]
        assert all(len(each.descriptors) == 4 for each in ATS.criteria)

    def test_brings_status_fellow_grade_letters_certificate_and_graduation(
        self,
    ) -> None:
        """Source: S0, S1."""
        award = ATS.award
        assert award.grade is not None
        assert award.status.value == "Advanced Teacher Status"
        assert award.grade.value == "Fellow"
        assert award.post_nominals.value == ("ATS", "FSET")
        assert award.certificate.value
        assert award.graduation.value


class TestAtsPolicy:
    def test_gives_the_source_of_every_number(self) -> None:
        """Source: domain.md: a number without a source is a defect."""
        assert numbers_without_source(ATS) == []

    def test_limits_what_is_handed_in(self) -> None:
        """Source: P."""
        uploads = ATS.policy.uploads
        assert uploads.file_bytes.value == 50 * 1024 * 1024
        assert uploads.portfolio_bytes.value == 250 * 1024 * 1024
        assert uploads.unpacked_bytes.value == 500 * 1024 * 1024

    def test_starts_reviewing_after_the_deadline_for_one_month(self) -> None:
        """Source: S2 4.4."""
        review = ATS.policy.review
        assert review.starts_after_deadline.value
        assert review.period_months.value == 1
        assert review.period_months.source == "S2 4.4"

    def test_takes_requests_for_adjustments_until_a_month_before_the_start(
        self,
    ) -> None:
        """Source: S2 3.1.1, S2 6.2.2."""
        adjustments = ATS.policy.adjustments
        assert adjustments.ask_months_before_start.value == 1
        assert adjustments.extra_support_by_arrangement.value

    def test_gives_one_free_resubmission_within_six_weeks(self) -> None:
        """Source: S2 6.2.1; the window is P."""
        resubmission = ATS.policy.resubmission
        assert resubmission.free_resubmissions.value == 1
        assert resubmission.window_weeks.value == 6
        assert resubmission.reminder_days.value == (14, 7, 2)

    def test_offers_a_conversation_of_thirty_minutes(self) -> None:
        """Source: S2 6.2.1, S0."""
        assert ATS.policy.conversation.minutes.value == 30

    def test_restarts_with_a_new_portfolio_in_the_next_cohort_for_a_fee(self) -> None:
        """Source: S2 6.2.3; the amount is P."""
        restart = ATS.policy.restart
        assert restart.new_portfolio.value
        assert restart.cohort.value == "next"
        assert restart.fee_pence.source == "P"

    def test_holds_vivas_of_45_to_60_minutes_in_person_or_remote(self) -> None:
        """Source: S0, S1."""
        viva = ATS.policy.viva
        assert viva is not None
        assert (viva.minutes_at_least.value, viva.minutes_at_most.value) == (45, 60)
        assert set(viva.modes.value) == {"in_person", "remote"}

    def test_puts_lead_moderator_and_head_of_programme_on_the_viva_panel(self) -> None:
        """Source: S1."""
        viva = ATS.policy.viva
        assert viva is not None
        assert set(viva.panel.value) == {"lead_moderator", "panel_member"}

    def test_gives_one_more_viva(self) -> None:
        """Source: P."""
        assert ATS.policy.viva is not None
        assert ATS.policy.viva.attempts.value == 2

    def test_counts_the_appeal_clocks_in_working_days_of_england(self) -> None:
        """Source: AP 4.1, AP 4.2, AP 4.3, S2 9.1."""
        appeal = ATS.policy.appeal
        assert appeal.ask_explanation_working_days.value == 10
        assert appeal.give_explanation_working_days.value == 5
        assert appeal.lodge_working_days.value == 10
        assert appeal.answer_about_support_working_days.value == 10
        assert ATS.policy.calendar.working_days.value == "england"
        assert ATS.policy.calendar.first_day.value == 0

    def test_hears_appeals_on_a_closed_list_of_grounds(self) -> None:
        """Source: AP 4.4; all but the first are P."""
        appeal = ATS.policy.appeal
        assert appeal.ground("procedural-error") == appeal.grounds[0]
        assert appeal.ground("it-is-unfair") is None
