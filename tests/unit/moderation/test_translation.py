"""What comes in, what goes out, and what the queue shows."""

from datetime import timedelta

from services.moderation.app import CODEC
from services.moderation.consumers import judged_case
from services.moderation.domain.decisions import Rejudged, Upheld
from services.moderation.domain.events import HandedBack, ModerationFact
from services.moderation.outgoing import to_public
from services.moderation.read_models import CaseRow, case_of, follow_case
from shared.eventlog import StoredEvent
from tests.support.stored import stored as as_stored
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    LATER,
    NOW,
    REFERRED,
    TOKEN,
    blind,
    judged,
    opened,
    ready_plan,
    referred,
    taken,
)
from tests.unit.moderation.test_outcomes import (
    ORDERED,
    REOPENED,
    REVISED,
    WITHDRAWN,
)
from tests.unit.moderation.world import World


def stored(fact: ModerationFact, stream: str = "moderation-c1.1") -> StoredEvent:
    return as_stored(CODEC, fact, stream)


def row_after(*facts: ModerationFact) -> CaseRow:
    row: CaseRow | None = None
    for fact in facts:
        row = follow_case(row, fact, stored(fact))
    assert row is not None
    return row


class TestCompleted:
    async def test_is_kept_as_the_reviewer_s_service_told_it(self) -> None:
        message = await World().completion(1, levels=CNM_LEVELS)
        judged = judged_case(message)
        assert judged.judgement_id == message.event_id
        assert judged.model_dump(exclude={"judgement_id"}) == message.body.model_dump(
            exclude={"type", "follows_recall", "conflict_overridden"}
        )
        assert not judged.conflict_overridden

    async def test_is_kept_as_judged_despite_a_conflict(self) -> None:
        message = await World().completion(1, conflict_overridden=True)
        assert judged_case(message).conflict_overridden


class TestOutgoing:
    def test_keeps_draws_and_blind_judgements_private(self) -> None:
        """Source: domain.md section 4, the one private/public rule."""
        facts = (*ready_plan(), opened(), taken(), blind(CM_LEVELS))
        assert [to_public(fact, stored(fact)) for fact in facts] == [None] * len(facts)


class TestCaseRow:
    def test_belongs_to_a_round_of_a_case(self) -> None:
        assert case_of(None, stored(opened())) == "c1.1"
        assert case_of(None, stored(opened(), "plan-x")) is None

    def test_excludes_everybody_with_another_part(self) -> None:
        row = row_after(opened(), taken(), blind(CNM_LEVELS))
        assert row.excluded == ["p-ana", "p-mentor", "p-rev", "p-mod"]

    def test_shows_who_holds_it_until_it_is_free_again(self) -> None:
        row = row_after(opened(), taken())
        assert (row.holder_id, row.lease_ends_at) == ("p-mod", LATER)
        back = HandedBack(moderator_id="p-mod", token=TOKEN, occurred_at=NOW)
        assert row_after(opened(), taken(), back).holder_id is None
        assert row_after(opened(), taken(), blind(CM_LEVELS)).holder_id is None

    def test_goes_to_the_lead_and_out_of_the_queue(self) -> None:
        facts: list[ModerationFact] = list(referred())  # type: ignore[arg-type]
        assert row_after(*facts).stage == "lead"
        upheld = Upheld(by="lead", occurred_at=NOW)
        assert row_after(*facts, upheld).stage == "settled"

    def test_waits_for_a_returned_judgement_out_of_everybody_s_queue(self) -> None:
        facts: list[ModerationFact] = list(referred())  # type: ignore[arg-type]
        assert row_after(*facts, ORDERED).stage == "returned"
        back = Rejudged(
            judged=judged().model_copy(update={"reviewer_id": "p-other"}),
            occurred_at=NOW,
        )
        again = row_after(*facts, ORDERED, back, REFERRED)
        assert (again.stage, again.excluded[-1]) == ("lead", "p-other")

    def test_is_nobody_s_once_withdrawn(self) -> None:
        row = row_after(opened(), taken(), WITHDRAWN)
        assert (row.stage, row.holder_id) == ("withdrawn", None)

    def test_is_free_again_for_people_with_no_part_after_an_appeal(self) -> None:
        row = row_after(opened(), REOPENED)
        assert (row.stage, row.holder_id) == ("first", None)
        assert {"p-rev", "p-panel", "p-fresh"} <= set(row.excluded)
        assert row_after(opened(), REOPENED, REVISED).stage == "settled"

    def test_counts_waiting_from_the_beginning_whoever_judged_it_before(self) -> None:
        """A later date than yesterday's would tell that this is the second opinion."""
        facts: list[ModerationFact] = list(referred())[:5]  # type: ignore[assignment]
        called = facts[-1].model_copy(update={"occurred_at": NOW + timedelta(days=3)})
        row = row_after(*facts[:-1], called)
        before = row_after(*facts[:1]).available_since
        assert (row.stage, row.available_since) == ("second", before)

    def test_holds_no_mark(self) -> None:
        names = set(CaseRow.model_fields)
        assert not names & {"levels", "outcome", "borderline", "feedback"}
