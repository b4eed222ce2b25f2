"""What a submission still needs, what fills it, and when parts are complete."""

from dataclasses import dataclass

import pytest

from services.submission.documents import (
    Contact,
    Overrides,
    Participant,
    Portfolio,
    missing_fields,
    with_overrides,
    word_count,
)
from services.submission.domain.completeness import (
    PortfolioIncompleteError,
    refuse_incomplete,
)
from shared.contracts.portfolio import Paragraph, Section, Table
from tests.unit.submission.documents.building import phases, read, template

BARE = Portfolio(programme="ATS", programme_version="2025.1", template="phases")


class TestMissingFields:
    def test_lists_what_a_submission_needs(self) -> None:
        assert missing_fields(BARE) == (
            "participant.name",
            "participant.email",
            "cohort",
            "setting",
            "mentor",
        )

    def test_is_empty_once_the_overrides_say_it(self) -> None:
        full = with_overrides(
            BARE,
            Overrides(
                name="Ann Lee",
                email="a@x.example",
                cohort="2025-10",
                setting="Hill College",
                mentor="Bo Hill",
            ),
        )
        assert missing_fields(full) == ()


class TestWithOverrides:
    @pytest.mark.parametrize(
        ("given", "mentor"),
        [
            ("Bo Hill <b@x.example>", Contact(name="Bo Hill", email="b@x.example")),
            ("b@x.example", Contact(name="Cy", email="b@x.example")),
            ("Bo Hill", Contact(name="Bo Hill", email="c@x.example")),
            (None, Contact(name="Cy", email="c@x.example")),
        ],
    )
    def test_takes_a_mentor_by_name_by_address_or_by_both(
        self, given: str | None, mentor: Contact
    ) -> None:
        before = BARE.model_copy(
            update={"mentor": Contact(name="Cy", email="c@x.example")}
        )
        assert with_overrides(before, Overrides(mentor=given)).mentor == mentor

    def test_replaces_what_is_given_and_keeps_the_rest(self) -> None:
        before = BARE.model_copy(
            update={"participant": Participant(name="Ann", email="a@x.example")}
        )
        after = with_overrides(before, Overrides(name="Ann Lee"))
        assert after.participant == Participant(name="Ann Lee", email="a@x.example")


class TestPortfolio:
    def test_is_the_same_after_a_round_trip_through_json(self) -> None:
        found = read(phases())
        assert Portfolio.model_validate_json(found.model_dump_json()) == found

    def test_counts_the_words_of_tables(self) -> None:
        section = Section(
            key="a",
            title="A",
            blocks=(Paragraph(text="one two"), Table(rows=(("three", "four five"),))),
        )
        assert word_count(section) == 5


@dataclass(frozen=True, slots=True)
class Amount:
    words: int
    pictures: int = 0


class TestCompleteness:
    """A section of several people's parts needs enough of each. Source: S0."""

    def amounts(self) -> dict[str, Amount]:
        return {section.key: Amount(9) for section in read(phases()).sections}

    def test_accepts_one_colleague_one_manager_and_three_learners(self) -> None:
        refuse_incomplete(template("phases"), self.amounts())

    @pytest.mark.parametrize("key", ["colleague", "manager", "learner-3"])
    def test_refuses_one_fewer(self, key: str) -> None:
        amounts = self.amounts()
        del amounts[f"feedback-360-{key}"]
        with pytest.raises(PortfolioIncompleteError, match="360-degree feedback"):
            refuse_incomplete(template("phases"), amounts)

    def test_refuses_an_empty_contribution(self) -> None:
        amounts = {**self.amounts(), "feedback-360-learner-1": Amount(0)}
        with pytest.raises(PortfolioIncompleteError, match="360-degree feedback"):
            refuse_incomplete(template("phases"), amounts)
