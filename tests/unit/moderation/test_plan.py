"""The rules of a cohort's moderation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

from services.moderation.domain.plan.commands import (
    CommitNonce,
    NoteRefusal,
    NoteReviewer,
    PublishPlan,
    ReleaseCohort,
    RevealKey,
    RevealNonce,
)
from services.moderation.domain.plan.decide import plan, plan_hash
from services.moderation.domain.plan.events import (
    AttemptRefused,
    CohortReleased,
    KeyRevealed,
    RandomnessFixed,
    ReviewerJoined,
)
from services.moderation.domain.plan.refusals import (
    AnotherPlanPublishedError,
    BoundToAnotherNonceError,
    CohortNotSettledError,
    CommitmentsMissingError,
    DrawsWaitingError,
    JudgementsRecalledError,
    KeyDoesNotMatchError,
    NonceDoesNotMatchError,
    NotAPartyError,
    NothingJudgedError,
    NothingReleasedError,
    OutcomesUnreleasedError,
    PlanTooLateError,
    PlanUnpublishedError,
    RecallsPossibleError,
)
from services.moderation.domain.randomness import nonce_commitment
from services.moderation.domain.sampling import commitment
from shared.personal import Personal
from tests.support.specification import Scenario
from tests.unit.moderation.examples import (
    BEACON,
    COHORT,
    FIXED,
    KEY,
    NONCES,
    NOW,
    PARTIES,
    PLAN,
    committed,
    published,
    ready_plan,
    revealed,
    sealed,
)

COHORT_PLAN = Scenario(plan)
ALL_COMMITTED = (published(), *(committed(party) for party in PARTIES))


def publish(
    wrapped: str = "wrapped",
    *,
    late_because: Personal[str] | None = None,
    **changes: object,
) -> PublishPlan:
    return PublishPlan(
        plan=PLAN.model_copy(update=changes),
        key_commitment=commitment(KEY),
        wrapped_key=wrapped,
        late_because=late_because,
        by="p-lead",
        at=NOW,
    )


def commit(party: str, nonce: str | None = None) -> CommitNonce:
    number = NONCES.get(party, "0" * 64) if nonce is None else nonce
    return CommitNonce(
        party=party, commitment=nonce_commitment(COHORT, party, number), at=NOW
    )


def reveal(party: str, nonce: str | None = None) -> RevealNonce:
    return RevealNonce(party=party, nonce=nonce or NONCES[party], at=NOW)


def release(
    releasable: int = 3,
    undrawn: tuple[str, ...] = (),
    unsettled: tuple[str, ...] = (),
    *,
    attempt: int = 1,
    recalled: Mapping[str, datetime] | None = None,
    recallable_until: datetime | None = None,
) -> ReleaseCohort:
    return ReleaseCohort(
        attempt=attempt,
        releasable=releasable,
        undrawn=undrawn,
        unsettled=unsettled,
        recalled=recalled or {},
        recallable_until=recallable_until,
        by="p-lead",
        at=NOW,
    )


def released(number: int = 1, *, attempt: int = 1) -> CohortReleased:
    return CohortReleased(
        attempt=attempt, number=number, cases=3, released_by="p-lead", occurred_at=NOW
    )


class TestPublishPlan:
    """Source: moderation.md 1; statistics.md 2.9, step 1."""

    def test_binds_rules_and_key(self) -> None:
        COHORT_PLAN.given().when(publish()).then(published())

    def test_repeats_without_a_second_key(self) -> None:
        COHORT_PLAN.given(published()).when(publish("another")).then_nothing()

    def test_refuses_another_plan(self) -> None:
        other = publish(policy_version="2026.1")
        COHORT_PLAN.given(published()).when(other).then_refused(
            AnotherPlanPublishedError
        )

    def test_hashes_whatever_decides_a_draw(self) -> None:
        rules = PLAN.rules.model_copy(update={"idle_days": 8})
        assert plan_hash(PLAN) != plan_hash(PLAN.model_copy(update={"rules": rules}))


JOINED = ReviewerJoined(reviewer_id="p-rev", occurred_at=NOW)


class TestLatePlan:
    """Source: moderation.md 1: published before the first judgement."""

    def test_is_refused_once_a_judgement_has_arrived(self) -> None:
        refused = (
            COHORT_PLAN.given(JOINED).when(publish()).then_refused(PlanTooLateError)
        )
        assert refused.context == {"reviewers": ["p-rev"]}

    def test_says_why_and_whose_judgements_came_before(self) -> None:
        reason = sealed("the lead was ill")
        late = published().model_copy(
            update={"late_because": reason, "reviewers_before": ("p-rev",)}
        )
        COHORT_PLAN.given(JOINED).when(publish(late_because=reason)).then(late)

    def test_keeps_no_reason_when_it_is_in_time(self) -> None:
        COHORT_PLAN.given().when(publish(late_because=sealed("x"))).then(published())


class TestCommitNonce:
    """Source: statistics.md 2.9, step 1, "three parties commit-reveal nonces"."""

    def test_binds_a_party(self) -> None:
        COHORT_PLAN.given(published()).when(commit("p-lead")).then(committed("p-lead"))

    def test_repeats_quietly(self) -> None:
        COHORT_PLAN.given(published(), committed("p-lead")).when(
            commit("p-lead")
        ).then_nothing()

    def test_refuses_another_number(self) -> None:
        COHORT_PLAN.given(published(), committed("p-lead")).when(
            commit("p-lead", "f" * 64)
        ).then_refused(BoundToAnotherNonceError)

    def test_refuses_a_stranger(self) -> None:
        COHORT_PLAN.given(published()).when(commit("p-who")).then_refused(
            NotAPartyError
        )

    def test_comes_after_the_plan(self) -> None:
        """The randomness is fixed after the commitment. Source: moderation.md 1."""
        COHORT_PLAN.given().when(commit("p-lead")).then_refused(PlanUnpublishedError)


class TestRevealNonce:
    """Source: statistics.md 2.9, steps 1 and 2."""

    def test_shows_a_number(self) -> None:
        COHORT_PLAN.given(*ALL_COMMITTED).when(reveal("p-lead")).then(
            revealed("p-lead")
        )

    def test_fixes_the_randomness_with_the_last_one(self) -> None:
        first, second, last = PARTIES
        COHORT_PLAN.given(*ALL_COMMITTED, revealed(first), revealed(second)).when(
            reveal(last)
        ).then(revealed(last), FIXED)

    def test_repeats_quietly(self) -> None:
        COHORT_PLAN.given(*ready_plan()).when(reveal("p-lead")).then_nothing()

    def test_refuses_a_number_that_was_not_committed_to(self) -> None:
        COHORT_PLAN.given(*ALL_COMMITTED).when(reveal("p-lead", "e" * 64)).then_refused(
            NonceDoesNotMatchError
        )

    def test_refuses_while_a_party_is_not_bound(self) -> None:
        """Whoever commits after a reveal could choose the result."""
        refused = (
            COHORT_PLAN.given(published(), committed("p-lead"), committed("p-auditor"))
            .when(reveal("p-lead"))
            .then_refused(CommitmentsMissingError)
        )
        assert refused.context == {"parties": ["p-operator"]}

    def test_leads_to_one_result_in_every_order(self) -> None:
        for commits in permutations(PARTIES):
            for reveals in permutations(PARTIES):
                state = plan.fold([published()])
                for party in commits:
                    state = plan.fold(plan.decide(commit(party), state), state)
                facts = []
                for party in reveals:
                    new = plan.decide(reveal(party), state)
                    facts += [f for f in new if isinstance(f, RandomnessFixed)]
                    state = plan.fold(new, state)
                assert [fact.beacon for fact in facts] == [BEACON]


class TestNoteReviewer:
    def test_knows_a_reviewer_once(self) -> None:
        note = NoteReviewer(reviewer_id="p-rev", at=NOW)
        COHORT_PLAN.given().when(note).then(JOINED)
        COHORT_PLAN.given(JOINED).when(note).then_nothing()


class TestReleaseCohort:
    """Source: moderation.md 7, "nothing is released before its batch is clear"."""

    def test_releases_when_all_is_settled(self) -> None:
        COHORT_PLAN.given(*ready_plan()).when(release()).then(released())

    def test_refuses_naming_what_is_not_settled(self) -> None:
        refused = (
            COHORT_PLAN.given(*ready_plan())
            .when(release(unsettled=("c7", "c9")))
            .then_refused(CohortNotSettledError)
        )
        assert refused.context == {"count": 2, "cases": ["c7", "c9"]}

    def test_names_the_count_when_there_are_too_many_to_list(self) -> None:
        many = tuple(f"c{number}" for number in range(500))
        refused = (
            COHORT_PLAN.given(*ready_plan())
            .when(release(unsettled=many))
            .then_refused(CohortNotSettledError)
        )
        assert refused.context["count"] == 500
        assert refused.context["cases"] == list(many[:20])

    def test_refuses_while_a_case_waits_for_its_draw(self) -> None:
        COHORT_PLAN.given(published()).when(release(undrawn=("c1",))).then_refused(
            DrawsWaitingError
        )

    def test_refuses_without_a_plan(self) -> None:
        COHORT_PLAN.given().when(release()).then_refused(PlanUnpublishedError)

    def test_refuses_when_nothing_is_judged(self) -> None:
        COHORT_PLAN.given(*ready_plan()).when(release(0)).then_refused(
            NothingJudgedError
        )

    def test_does_nothing_twice(self) -> None:
        COHORT_PLAN.given(*ready_plan(), released()).when(release(0)).then_nothing()

    def test_counts_a_later_release(self) -> None:
        COHORT_PLAN.given(*ready_plan(), released()).when(release()).then(released(2))

    def test_counts_resubmissions_on_their_own(self) -> None:
        """Source: S2 6.2.1; a resubmission never reopens the first release."""
        COHORT_PLAN.given(*ready_plan(), released()).when(release(attempt=2)).then(
            released(1, attempt=2)
        )
        COHORT_PLAN.given(*ready_plan(), released(1, attempt=2)).when(release()).then(
            released(1)
        )
        COHORT_PLAN.given(*ready_plan(), released()).when(
            release(0, attempt=2)
        ).then_refused(NothingJudgedError)


class TestReleaseOfWhatIsTakenBack:
    """Source: domain.md section 4, review.Recalled; moderation.md 7."""

    def test_is_refused_saying_when_it_is_to_come_again(self) -> None:
        due = {"c1": NOW, "c2": NOW + timedelta(days=3)}
        refused = (
            COHORT_PLAN.given(*ready_plan())
            .when(release(recalled=due))
            .then_refused(JudgementsRecalledError)
        )
        assert refused.context == {
            "count": 2,
            "cases": ["c1", "c2"],
            "until": due["c2"].isoformat(),
        }

    def test_waits_until_nothing_can_be_taken_back(self) -> None:
        """Source: moderation.md, "Reviewing": recall within 15 minutes."""
        refused = (
            COHORT_PLAN.given(*ready_plan())
            .when(release(recallable_until=NOW))
            .then_refused(RecallsPossibleError)
        )
        assert refused.context == {"until": NOW.isoformat()}
        before = NOW - timedelta(seconds=1)
        COHORT_PLAN.given(*ready_plan()).when(release(recallable_until=before)).then(
            released()
        )


class TestRevealKey:
    """Source: statistics.md 2.9, step 6."""

    def reveal(self, key: bytes = KEY, unreleased: int = 0) -> RevealKey:
        return RevealKey(key=key, unreleased=unreleased, by="p-lead", at=NOW)

    def test_comes_after_the_release(self) -> None:
        shown = KeyRevealed(key=KEY.hex(), revealed_by="p-lead", occurred_at=NOW)
        COHORT_PLAN.given(*ready_plan(), released()).when(self.reveal()).then(shown)
        COHORT_PLAN.given(*ready_plan(), released(), shown).when(
            self.reveal()
        ).then_nothing()

    def test_is_refused_before(self) -> None:
        COHORT_PLAN.given(*ready_plan()).when(self.reveal()).then_refused(
            NothingReleasedError
        )
        COHORT_PLAN.given(published()).when(self.reveal()).then_refused(
            PlanUnpublishedError
        )

    def test_is_refused_while_a_judged_case_is_not_released(self) -> None:
        COHORT_PLAN.given(*ready_plan(), released()).when(
            self.reveal(unreleased=1)
        ).then_refused(OutcomesUnreleasedError)

    def test_is_refused_when_the_wrapping_was_altered(self) -> None:
        COHORT_PLAN.given(*ready_plan(), released()).when(
            self.reveal(b"\xff" * 32)
        ).then_refused(KeyDoesNotMatchError)

    def test_keeps_the_key_out_of_its_repr(self) -> None:
        assert KEY.hex() not in repr(self.reveal())
        assert repr(KEY) not in repr(self.reveal())


class TestNoteRefusal:
    """Source: moderation.md 1; a draw that somebody tried to bend is no secret."""

    NOTE = NoteRefusal(attempted="plan", refusal="PlanTooLate", by="p-lead", at=NOW)
    REFUSED = AttemptRefused(
        attempted="plan", refusal="PlanTooLate", by="p-lead", occurred_at=NOW
    )

    def test_keeps_what_was_tried_and_why_not(self) -> None:
        COHORT_PLAN.given().when(self.NOTE).then(self.REFUSED)

    def test_keeps_each_kind_of_each_person_once(self) -> None:
        COHORT_PLAN.given(self.REFUSED).when(self.NOTE).then_nothing()
        other = replace(self.NOTE, by="p-other")
        assert COHORT_PLAN.given(self.REFUSED).when(other).decide() != ()
