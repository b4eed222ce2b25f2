"""The rules of building a portfolio, and of what is missing when it is handed in."""

import pytest

from services.submission.domain.commands import ChooseTemplate, RemoveEvidence
from services.submission.domain.completeness import PortfolioIncompleteError
from services.submission.domain.decide import case
from services.submission.domain.events import (
    EvidenceRemoved,
    RoleContext,
    TemplateChosen,
)
from services.submission.domain.fairness import UnknownFairnessError
from services.submission.domain.growing import (
    EvidenceNotAttachedError,
    TemplateInUseError,
    UnknownRatingError,
    UnknownStandardError,
)
from services.submission.domain.submitting import (
    AlreadySubmittedError,
    NotEnrolledError,
)
from shared.programmes import load_programme
from tests.support.specification import Scenario
from tests.unit.submission.examples import (
    AT,
    attach,
    attached,
    enrolled,
    save,
    saved,
    submit,
    submitted,
)
from tests.unit.submission.portfolios import (
    TEMPLATE,
    asked,
    rate,
    rated,
    received,
    received_statement,
)

spec = Scenario(case)
CHOOSE = ChooseTemplate(template="phases", at=AT)
CHOSEN = TemplateChosen(template="phases", occurred_at=AT)
REMOVE = RemoveEvidence(evidence_id="plan", at=AT)
REMOVED = EvidenceRemoved(evidence_id="plan", occurred_at=AT)
HANDED_IN = (enrolled(), saved(), saved(key="action-plan"), submitted())


class TestChooseTemplate:
    def test_fixes_the_shape_of_the_portfolio(self) -> None:
        """Source: S0, S1: two templates of ATS occur, and both must work."""
        spec.given(enrolled()).when(CHOOSE).then(CHOSEN)

    def test_changes_nothing_the_second_time(self) -> None:
        """Source: architecture.md, "Idempotent requests"."""
        spec.given(enrolled(), CHOSEN, saved()).when(CHOOSE).then_nothing()

    @pytest.mark.parametrize("history", [(saved(),), (asked(),)], ids=["words", "ask"])
    def test_refuses_another_shape_once_something_is_there(
        self, history: tuple[object, ...]
    ) -> None:
        """Source: P: what is written for one template would be lost in the other."""
        spec.given(enrolled(), *history).when(CHOOSE).then_refused(TemplateInUseError)

    def test_refuses_a_portfolio_that_is_handed_in(self) -> None:
        """Source: architecture.md: submitting writes an immutable snapshot."""
        spec.given(*HANDED_IN).when(CHOOSE).then_refused(AlreadySubmittedError)


class TestRecordSelfRating:
    def test_rates_every_standard_of_the_programme(self) -> None:
        """Source: S0: a rating and a comment for each professional standard."""
        spec.given(enrolled()).when(rate()).then(rated())

    def test_may_be_done_standard_by_standard(self) -> None:
        """Source: P: nobody rates twenty standards in one go."""
        spec.given(enrolled()).when(rate(ratings={"2": "1"})).then(
            rated(ratings={"2": "1"})
        )

    def test_changes_nothing_when_the_content_is_the_same(self) -> None:
        """Source: architecture.md, "Idempotent requests"."""
        spec.given(enrolled(), rated()).when(rate(path="elsewhere")).then_nothing()

    def test_refuses_a_standard_that_the_section_does_not_ask_for(self) -> None:
        """Source: S0, S4: the programme file says which standards are rated."""
        refused = (
            spec.given(enrolled())
            .when(rate(ratings={"3": "1"}))
            .then_refused(UnknownStandardError)
        )
        assert refused.context["standards"] == ["3"]

    def test_refuses_a_rating_that_is_not_on_the_scale(self) -> None:
        """Source: S4 (red, amber, green), P: the programme file has the scale."""
        refused = (
            spec.given(enrolled())
            .when(rate(ratings={"1": "9"}))
            .then_refused(UnknownRatingError)
        )
        assert refused.context["scale"] == ["1", "2"]

    def test_refuses_a_portfolio_that_is_handed_in(self) -> None:
        """Source: architecture.md: submitting writes an immutable snapshot."""
        spec.given(*HANDED_IN).when(rate()).then_refused(AlreadySubmittedError)


class TestRemoveEvidence:
    def test_takes_a_file_out(self) -> None:
        """Source: domain.md section 4."""
        spec.given(enrolled(), attached()).when(REMOVE).then(REMOVED)

    def test_takes_its_words_out_with_it(self) -> None:
        """Source: S1: authenticity is judged on what was handed in."""
        state = spec.state(
            enrolled(), attached(), saved(key="evidence-plan"), saved(), REMOVED
        )
        assert (set(state.sections), set(state.evidence)) == ({"introduction"}, set())

    def test_changes_nothing_the_second_time(self) -> None:
        """Source: architecture.md, "Idempotent requests"."""
        spec.given(enrolled(), attached(), REMOVED).when(REMOVE).then_nothing()

    def test_can_be_undone_by_attaching_the_file_again(self) -> None:
        """Source: P: a slip of the hand costs nothing."""
        spec.given(enrolled(), attached(), REMOVED).when(attach()).then(attached())

    def test_refuses_a_file_that_is_not_there(self) -> None:
        """Source: domain.md section 4."""
        spec.given(enrolled()).when(REMOVE).then_refused(EvidenceNotAttachedError)

    def test_refuses_a_portfolio_that_is_handed_in(self) -> None:
        """Source: architecture.md: submitting writes an immutable snapshot."""
        spec.given(enrolled(), attached(), *HANDED_IN[1:]).when(REMOVE).then_refused(
            AlreadySubmittedError
        )

    def test_refuses_a_case_that_does_not_exist(self) -> None:
        """Source: architecture.md: a case is one person's enrolment in one cohort."""
        spec.given().when(REMOVE).then_refused(NotEnrolledError)


class TestAttachEvidence:
    def test_makes_evidence_of_a_picture_that_was_part_of_a_document(self) -> None:
        """Source: P: a file handed in by itself is evidence by itself."""
        spec.given(enrolled(), attached(use="embedded")).when(attach()).then(attached())

    def test_leaves_evidence_evidence_when_a_document_shows_it_too(self) -> None:
        """Source: P: removing the document must not remove what was attached."""
        spec.given(enrolled(), attached()).when(attach(use="embedded")).then_nothing()


class TestSubmit:
    def test_names_every_part_that_is_missing_by_its_title(self) -> None:
        """Source: S0: 20 standards; one colleague, one manager, three learners."""
        refused = (
            spec.given(enrolled(), rated(ratings={"1": "2"}), received())
            .when(submit(template=TEMPLATE))
            .then_refused(PortfolioIncompleteError)
        )
        assert str(refused) == (
            "The portfolio is incomplete: fill in"
            " “Self-assessment” (1 of 2 standards are not rated),"
            " “360-degree feedback” from manager (0 of 1),"
            " “360-degree feedback” from learner (0 of 3),"
            " “Mentor statement”."
        )
        assert refused.context["missing"] == [
            "self-assessment",
            "feedback-360",
            "mentor-statement",
        ]

    def test_accepts_a_portfolio_to_which_everybody_gave_their_words(self) -> None:
        """Source: S0: one colleague, one manager, three learners, the mentor."""
        voices = (
            received(key="feedback-360-colleague"),
            received(key="feedback-360-manager"),
            *(received(key=f"feedback-360-learner-{each}") for each in (1, 2, 3)),
        )
        spec.given(enrolled(), rated(), *voices, received_statement()).when(
            submit(template=TEMPLATE)
        ).then(submitted(template="phases"))

    def test_takes_a_self_assessment_that_was_uploaded_as_it_is(self) -> None:
        """Source: S4: an import with fewer rows is accepted and shown as such."""
        refused = (
            spec.given(enrolled(), saved(key="self-assessment"))
            .when(submit(template=TEMPLATE))
            .then_refused(PortfolioIncompleteError)
        )
        assert refused.context["missing"] == ["feedback-360", "mentor-statement"]

    def test_needs_no_template_chosen_where_all_comes_at_once(self) -> None:
        """Source: S0, S1: a portfolio may be handed in as files alone."""
        spec.given(enrolled(), saved(), saved(key="action-plan")).when(submit()).then(
            submitted()
        )


class TestSaveSection:
    def test_replaces_what_was_rated_before(self) -> None:
        """Source: moderation.md: saving again never loses an earlier version."""
        spec.given(enrolled(), rated()).when(save(key="self-assessment")).then(
            saved(key="self-assessment")
        )


class TestRoleContext:
    """Source: domain.md section 2: the deployment model the participant works in."""

    @pytest.mark.parametrize("said", ["deficit", "universal", None])
    def test_is_stated_by_the_participant(self, said: RoleContext | None) -> None:
        spec.given(enrolled(), saved(), saved(key="action-plan")).when(
            submit(role_context=said)
        ).then(submitted(role_context=said))


class TestFairness:
    ASKED = load_programme("ATS").fairness

    def test_is_stated_with_the_portfolio(self) -> None:
        """Source: domain.md section 4: Submitted carries fairness attributes."""
        said = {"provider-type": "prison"}
        spec.given(enrolled(), saved(), saved(key="action-plan")).when(
            submit(fairness=said, fairness_asked=self.ASKED)
        ).then(submitted(fairness=said))

    @pytest.mark.parametrize(
        "said", [{"age": "42"}, {"provider-type": "on the moon"}], ids=["key", "value"]
    )
    def test_refuses_what_is_not_on_the_closed_list(self, said: dict[str, str]) -> None:
        """Source: domain.md section 2: nothing free, nothing that names a person."""
        spec.given(enrolled(), saved(), saved(key="action-plan")).when(
            submit(fairness=said, fairness_asked=self.ASKED)
        ).then_refused(UnknownFairnessError)
