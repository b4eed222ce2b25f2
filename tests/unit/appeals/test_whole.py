"""From a CNM to the decision of an appeal, through messages, handlers and views."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest

from services.appeals.domain.conversation.decide import CaseOnHoldError
from services.appeals.domain.events import (
    ExplanationGiven,
    FreshReviewOrdered,
    Upheld,
)
from services.appeals.domain.independence import (
    SameOrganisationError,
    TookPartError,
)
from services.appeals.domain.refusals import (
    AlreadyAskedError,
    AskAgainLaterError,
    CaseWithdrawnError,
    NotOnThisPanelError,
    TooLateError,
    UnknownAppealError,
    UnknownCaseError,
    UnknownDecisionError,
)
from services.appeals.handlers.words import (
    DecisionWords,
    ExplanationWords,
    LodgingWords,
    ResponseWords,
)
from shared.contracts.feedback import WORDS_FIELD
from shared.crypto import Grant, Purpose
from shared.london import end_of
from tests.unit.appeals.examples import (
    APPEAL,
    ASK_BY,
    ASKED_AT,
    CASE,
    EXPLAIN_BY,
    EXPLAINED_AT,
    HEARD_AT,
    LODGED_AT,
    RELEASED_AT,
)
from tests.unit.appeals.world import (
    World,
    awarded,
    completed,
    enrolled,
    granted,
    lifted,
    nominated,
    not_passed,
    placed,
    released,
    revised,
    stated,
    submitted,
    withdrawn,
)

STREAM = f"appeal-{APPEAL}"
QUESTION = ExplanationWords(question="Why is sufficiency below three?")
APPEALS = LodgingWords(grounds=("procedural-error",), statement="It was not read.")
UPHOLDS = DecisionWords(
    decision="upheld", remedy="fresh_review", reasons="Part of it was missing."
)
PANEL = ("nora", "omar", "pia")


async def judged() -> World:
    """Return a world in which Ana was told of a CNM."""
    world = World()
    await world.hear(
        submitted(),
        completed(),
        released(),
        *(granted(person) for person in PANEL),
        granted("nick", organisation="north-college"),
    )
    return world


async def asked() -> World:
    world = await judged()
    await ask(world, ASKED_AT)
    return world


async def ask(world: World, at: datetime, by: str = "ana") -> None:
    await world.asking.explanation(CASE, QUESTION, at=at, cause=world.by(by))


async def lodged() -> World:
    world = await asked()
    await world.answering.explain(
        APPEAL, "Two pieces had no date.", at=EXPLAINED_AT, cause=world.by("olga")
    )
    await world.asking.appeal(APPEAL, APPEALS, at=LODGED_AT, cause=world.by("ana"))
    return world


async def heard() -> World:
    world = await lodged()
    await world.answering.appoint(APPEAL, PANEL, at=LODGED_AT, cause=world.by("olga"))
    return world


class TestAppeal:
    """Source: domain.md section 3: explanation, appeal, panel, decision; AP."""

    async def test_goes_from_a_cnm_to_a_fresh_review(self) -> None:
        world = await heard()
        await world.answering.decide(
            APPEAL, UPHOLDS, at=HEARD_AT, cause=world.by("nora")
        )
        assert await world.public(STREAM) == [
            "ExplanationRequested",
            "ExplanationGiven",
            "Lodged",
            "HearingPanelAppointed",
            "Upheld",
            "FreshReviewOrdered",
        ]
        *_, order = await world.facts(STREAM)
        assert isinstance(order, FreshReviewOrdered)
        everyone = {"ben", "mo", "nora", "olga", "omar", "pia", "rita"}
        assert (order.attempt, set(order.excluded)) == (1, everyone)
        assert (await world.file()).open_numbers() == ()

    async def test_shows_its_participant_what_was_written_and_nobody(self) -> None:
        """Source: architecture.md, "Identities": never an id of staff."""
        world = await heard()
        await world.answering.decide(
            APPEAL, UPHOLDS, at=HEARD_AT, cause=world.by("nora")
        )
        seen = await world.showing.own(APPEAL, "ana", HEARD_AT)
        assert (seen.state, seen.remedy) == ("upheld", "fresh_review")
        assert seen.words.model_dump() == {
            "question": "Why is sufficiency below three?",
            "explanation": "Two pieces had no date.",
            "statement": "It was not read.",
            "reasons": "Part of it was missing.",
        }
        text = seen.model_dump_json()
        for staff in ("rita", "mo", "olga", *PANEL):
            assert f'"{staff}"' not in text

    async def test_is_read_by_the_letters_that_tell_it(self) -> None:
        """Source: domain.md section 5: explanation and appeal letters."""
        world = await heard()
        await world.answering.decide(
            APPEAL, UPHOLDS, at=HEARD_AT, cause=world.by("nora")
        )
        grant = Grant(role="service", purpose=Purpose.SEND_LETTER)
        _, given, _, _, upheld, _ = await world.facts(STREAM)
        assert isinstance(given, ExplanationGiven)
        assert isinstance(upheld, Upheld)
        words = await world.vault.open_all(
            (given.explanation, upheld.reasons), str, field=WORDS_FIELD, grant=grant
        )
        assert words == ("Two pieces had no date.", "Part of it was missing.")

    async def test_is_hidden_from_other_participants_and_other_panels(self) -> None:
        """Source: domain.md section 1: nothing of another participant."""
        world = await heard()
        with pytest.raises(UnknownAppealError):
            await world.showing.own(APPEAL, "zoe", HEARD_AT)
        with pytest.raises(UnknownCaseError):
            await world.overview.own_case(CASE, "zoe", HEARD_AT)
        with pytest.raises(NotOnThisPanelError):
            await world.showing.hearing(APPEAL, "quin", HEARD_AT)
        with pytest.raises(UnknownAppealError):
            await world.showing.office("case-1.2", "olga", HEARD_AT, with_words=True)

    async def test_shows_the_panel_and_the_office_what_was_asked(self) -> None:
        world = await heard()
        hearing = await world.showing.hearing(APPEAL, "nora", HEARD_AT)
        assert hearing.words.statement == "It was not read."
        assert hearing.members == PANEL
        office = await world.showing.office(APPEAL, "olga", HEARD_AT, with_words=True)
        with pytest.raises(UnknownAppealError):
            await world.showing.office(APPEAL, "ana", HEARD_AT, with_words=True)
        assert (office.participant_id, office.explained_by) == ("ana", "olga")

    async def test_shows_an_auditor_everything_but_the_words(self) -> None:
        """Source: domain.md section 1: an auditor reads everything."""
        world = await heard()
        seen = await world.showing.office(APPEAL, "vera", HEARD_AT, with_words=False)
        full = await world.showing.office(APPEAL, "olga", HEARD_AT, with_words=True)
        assert seen.words.model_dump() == dict.fromkeys(full.words.model_dump())
        assert seen.model_dump(exclude={"words"}) == full.model_dump(exclude={"words"})

    async def test_is_asked_once_for_a_decision(self) -> None:
        world = await asked()
        with pytest.raises(AlreadyAskedError):
            await ask(world, ASKED_AT)

    async def test_takes_its_terms_from_the_programme_file(self) -> None:
        """Source: domain.md section 2: the policy of the version that was pinned."""
        world = await judged()
        seen = await world.overview.own_case(CASE, "ana", ASKED_AT)
        (decision,) = seen.decisions
        assert (decision.ask_by, decision.is_open) == (ASK_BY, True)
        assert "procedural-error" in {ground.key for ground in seen.grounds}
        with pytest.raises(TooLateError):
            await ask(world, end_of(ASK_BY))
        late = await world.overview.own_case(CASE, "ana", end_of(ASK_BY))
        assert not late.decisions[0].is_open

    async def test_refuses_a_panel_with_a_conflict(self) -> None:
        """Source: domain.md section 1: independence is decided from facts."""
        world = await lodged()
        await world.hear(granted("rita"))
        for member, error in (("rita", TookPartError), ("nick", SameOrganisationError)):
            with pytest.raises(error):
                await world.answering.appoint(
                    APPEAL,
                    ("nora", "omar", member),
                    at=LODGED_AT,
                    cause=world.by("olga"),
                )

    async def test_refuses_the_explainer_as_a_member(self) -> None:
        world = await lodged()
        await world.hear(granted("olga"))
        with pytest.raises(TookPartError):
            await world.answering.appoint(
                APPEAL, ("nora", "omar", "olga"), at=LODGED_AT, cause=world.by("otto")
            )

    async def test_checks_the_panel_again_when_it_decides(self) -> None:
        """Source: domain.md section 1: checked again when the decision is made."""
        world = await heard()
        await world.hear(stated("pia", "north-college"))
        with pytest.raises(SameOrganisationError):
            await world.answering.decide(
                APPEAL, UPHOLDS, at=HEARD_AT, cause=world.by("nora")
            )

    async def test_can_be_about_the_revised_outcome(self) -> None:
        world = await heard()
        await world.answering.decide(
            APPEAL, UPHOLDS, at=HEARD_AT, cause=world.by("nora")
        )
        await world.hear(revised("CNM"))
        at = RELEASED_AT.replace(month=6) + timedelta(days=1)
        await ask(world, at)
        (seen,) = (await world.overview.own_case(CASE, "ana", at)).decisions
        assert seen.appeal_id == f"{CASE}.2"

    async def test_about_support_gets_a_written_response(self) -> None:
        """Source: S2 9.1; support is given before anything is handed in."""
        world = World()
        await world.hear(enrolled())
        await world.asking.appeal_about_support(
            CASE, "Nobody came.", at=ASKED_AT, cause=world.by("ana")
        )
        words = ResponseWords(decision="dismissed", reasons="They came four times.")
        await world.answering.respond(
            APPEAL, words, at=LODGED_AT, cause=world.by("olga")
        )
        assert await world.public(STREAM) == ["Lodged", "Dismissed"]
        seen = await world.showing.own(APPEAL, "ana", LODGED_AT)
        assert (seen.state, seen.against, seen.decision) == (
            "dismissed",
            "support",
            None,
        )

    async def test_needs_a_decision(self) -> None:
        world = World()
        await world.hear(submitted())
        with pytest.raises(UnknownDecisionError):
            await ask(world, ASKED_AT)


class TestWhoKnowsWhatWasJudged:
    """Source: domain.md section 1: no part in any round; moderation.md 4: blind."""

    async def excluded(self, world: World) -> set[str]:
        """Return whom the panel keeps from the fresh review it orders."""
        await world.answering.decide(
            APPEAL, UPHOLDS, at=HEARD_AT, cause=world.by("nora")
        )
        facts = await world.facts(STREAM)
        (fresh,) = [each for each in facts if isinstance(each, FreshReviewOrdered)]
        return set(fresh.excluded)

    async def test_is_who_talked_about_the_feedback(self) -> None:
        world = await heard()
        monday = HEARD_AT - timedelta(hours=1)
        for person_id, at in (("tara", ASKED_AT), ("vito", ASKED_AT)):
            times = (monday,) if person_id == "vito" else (monday, HEARD_AT)
            await world.conversations.offer_times(
                CASE, 1, times, at=at, cause=world.by(person_id)
            )
        await world.conversations.book(
            CASE, 1, monday, at=ASKED_AT, cause=world.by("ana")
        )
        await world.conversations.record(CASE, 1, at=monday, cause=world.by("wim"))
        assert await self.excluded(world) >= {"tara", "vito", "wim"}

    async def test_is_who_read_an_appeal_for_the_office(self) -> None:
        world = await heard()
        await world.answering.note_reading(APPEAL, "will", at=HEARD_AT)
        parts = await world.facts(f"appeal-{CASE}")
        await world.answering.note_reading(APPEAL, "will", at=HEARD_AT)
        assert await world.facts(f"appeal-{CASE}") == parts
        assert "will" in await self.excluded(world)

    async def test_may_hear_the_appeal_where_they_only_read_it(self) -> None:
        world = await lodged()
        await world.answering.note_reading(APPEAL, "nora", at=LODGED_AT)
        await world.answering.appoint(
            APPEAL, ("nora", "omar", "pia"), at=LODGED_AT, cause=world.by("olga")
        )


class TestHold:
    """Source: domain.md section 3: a clock can be stopped; recomputed for any date."""

    PLACED_AT = ASKED_AT + timedelta(days=1)
    LIFTED_AT = ASKED_AT + timedelta(days=3)

    async def test_stops_and_restarts_the_clocks_of_a_case(self) -> None:
        world = await asked()
        await world.hear(placed(self.PLACED_AT))
        world.now = self.LIFTED_AT
        await world.hear(lifted(self.LIFTED_AT))
        kinds = [type(fact).__name__ for fact in await world.facts(STREAM)]
        assert kinds == ["ExplanationRequested", "ClockStopped", "ClockRestarted"]
        _, clock = await world.showing.clocks(APPEAL, self.LIFTED_AT)
        assert clock.last_day == EXPLAIN_BY + timedelta(days=3)

    async def test_lets_a_clock_be_read_as_it_stood(self) -> None:
        """Source: domain.md section 6, 12."""
        world = await asked()
        await world.hear(placed(self.PLACED_AT), lifted(self.LIFTED_AT))
        before = self.PLACED_AT - timedelta(seconds=1)
        during = self.PLACED_AT + timedelta(hours=1)
        readings = [
            (clock.last_day, clock.is_stopped)
            for at in (before, during, self.LIFTED_AT)
            for clock in (await world.showing.clocks(APPEAL, at))[1:]
        ]
        assert readings == [
            (EXPLAIN_BY, False),
            (EXPLAIN_BY + timedelta(days=1), True),
            (EXPLAIN_BY + timedelta(days=3), False),
        ]
        assert await world.showing.clocks(APPEAL, RELEASED_AT - timedelta(1)) == ()

    async def test_heard_of_after_its_end_changes_no_more_than_in_order(self) -> None:
        world, other = await asked(), await asked()
        await world.hear(lifted(self.LIFTED_AT), placed(self.PLACED_AT))
        await other.hear(placed(self.PLACED_AT), lifted(self.LIFTED_AT))
        at = self.LIFTED_AT
        assert await world.showing.clocks(APPEAL, at) == (
            await other.showing.clocks(APPEAL, at)
        )

    async def test_keeps_an_answer_from_falling_overdue(self) -> None:
        world = await asked()
        await world.hear(placed(self.PLACED_AT))
        late = end_of(EXPLAIN_BY) + timedelta(days=30)
        await world.answering.fall_overdue(APPEAL, at=late, cause=world.by("clock"))
        assert "FellOverdue" not in [
            type(fact).__name__ for fact in await world.facts(STREAM)
        ]


class TestWithdrawal:
    """Source: shared/contracts: nothing more is decided or sent."""

    async def test_ends_what_is_open(self) -> None:
        world = await lodged()
        await world.hear(withdrawn())
        seen = await world.showing.own(APPEAL, "ana", HEARD_AT)
        assert seen.state == "discontinued"
        (talk,) = (await world.overview.own_case(CASE, "ana", HEARD_AT)).conversations
        assert talk.state == "cancelled"
        with pytest.raises(CaseWithdrawnError):
            await world.answering.appoint(
                APPEAL, PANEL, at=HEARD_AT, cause=world.by("olga")
            )

    async def test_comes_before_a_decision_and_no_conversation_is_offered(self) -> None:
        world = World()
        await world.hear(submitted(), withdrawn(), released())
        assert await world.facts(f"appeal-{CASE}.c1") == []
        with pytest.raises(CaseWithdrawnError):
            await ask(world, ASKED_AT)


class TestConversation:
    """Source: S2 6.2.1, S0: a CNM gives a 30-minute conversation."""

    async def test_is_offered_booked_and_held(self) -> None:
        world = await judged()
        monday = ASKED_AT + timedelta(days=7)
        await world.conversations.offer_times(
            CASE, 1, (monday,), at=ASKED_AT, cause=world.by("olga")
        )
        await world.conversations.book(
            CASE, 1, monday, at=ASKED_AT, cause=world.by("ana")
        )
        (talk,) = (await world.overview.own_case(CASE, "ana", ASKED_AT)).conversations
        assert (talk.state, talk.minutes, talk.starts_at) == ("booked", 30, monday)
        await world.conversations.record(CASE, 1, at=monday, cause=world.by("olga"))
        assert await world.public(f"appeal-{CASE}.c1") == [
            "ConversationOffered",
            "ConversationBooked",
        ]

    @pytest.mark.parametrize("is_heard_of_last", [False, True])
    async def test_is_offered_when_a_hold_ends(self, is_heard_of_last: bool) -> None:  # noqa: FBT001 - a parameter of a test
        """Source: domain.md section 3: a case can be stopped and restarted."""
        world = World()
        hold, outcome = placed(RELEASED_AT), (submitted(), released())
        order = (*outcome, hold) if is_heard_of_last else (hold, *outcome)
        await world.hear(*order)
        found = await world.public(f"appeal-{CASE}.c1")
        assert found == (["ConversationOffered"] if is_heard_of_last else [])
        await world.hear(lifted(ASKED_AT))
        assert await world.public(f"appeal-{CASE}.c1") == ["ConversationOffered"]

    async def test_is_not_offered_when_one_of_two_holds_ends(self) -> None:
        """Source: domain.md section 3: a case can be stopped and restarted."""
        world = World()
        await world.hear(placed(RELEASED_AT), placed(RELEASED_AT, "case-1.2"))
        await world.hear(submitted(), released(), lifted(ASKED_AT))
        assert await world.facts(f"appeal-{CASE}.c1") == []
        await world.hear(lifted(ASKED_AT, "case-1.2"))
        assert await world.public(f"appeal-{CASE}.c1") == ["ConversationOffered"]

    async def test_is_not_offered_when_a_hold_ends_after_a_withdrawal(self) -> None:
        """Source: domain.md section 4: the participant takes no further part."""
        world = World()
        await world.hear(placed(RELEASED_AT), submitted(), released(), withdrawn())
        await world.hear(lifted(ASKED_AT))
        assert await world.facts(f"appeal-{CASE}.c1") == []

    async def test_keeps_its_time_while_the_case_is_on_hold(self) -> None:
        """Source: domain.md section 3; section 5: checked before it is sent."""
        world = await judged()
        stream, monday = f"appeal-{CASE}.c1", ASKED_AT + timedelta(days=7)
        times = (monday, monday + timedelta(days=1))
        await world.conversations.offer_times(
            CASE, 1, times, at=ASKED_AT, cause=world.by("olga")
        )
        await world.conversations.book(
            CASE, 1, monday, at=ASKED_AT, cause=world.by("ana")
        )
        *_, booking = await world.event_ids(stream)
        await world.hear(placed(ASKED_AT))
        with pytest.raises(CaseOnHoldError):
            await world.conversations.book(
                CASE, 1, times[1], at=ASKED_AT, cause=world.by("ana")
            )
        with pytest.raises(AskAgainLaterError):
            await world.confirming.is_still_true(CASE, stream, booking)
        await world.hear(lifted(ASKED_AT))
        assert await world.confirming.is_still_true(CASE, stream, booking)

    async def test_is_not_offered_after_a_cm(self) -> None:
        world = World()
        await world.hear(submitted(), released("CM"))
        assert await world.facts(f"appeal-{CASE}.c1") == []


class TestConfirming:
    """Source: domain.md section 5: checked at the moment of sending."""

    async def test_says_that_what_was_asked_and_answered_stays_so(self) -> None:
        world = await lodged()
        answers = [
            await world.confirming.is_still_true(CASE, STREAM, event_id)
            for event_id in await world.event_ids(STREAM)
        ]
        assert answers == [True, True, True]

    async def test_says_no_after_a_withdrawal(self) -> None:
        world = await lodged()
        await world.hear(withdrawn())
        first, *_ = await world.event_ids(STREAM)
        assert not await world.confirming.is_still_true(CASE, STREAM, first)

    async def test_knows_only_the_last_booking(self) -> None:
        world = await judged()
        stream = f"appeal-{CASE}.c1"
        times = tuple(ASKED_AT + timedelta(days=day) for day in (1, 2))
        await world.conversations.offer_times(
            CASE, 1, times, at=ASKED_AT, cause=world.by("olga")
        )
        for starts_at in times:
            await world.conversations.book(
                CASE, 1, starts_at, at=ASKED_AT, cause=world.by("ana")
            )
        *_, first, second = await world.event_ids(stream)
        assert not await world.confirming.is_still_true(CASE, stream, first)
        assert await world.confirming.is_still_true(CASE, stream, second)

    async def test_knows_nothing_of_other_streams_and_events(self) -> None:
        world = await asked()
        (event_id,) = await world.event_ids(STREAM)
        nobody = uuid5(NAMESPACE_URL, "nobody")
        for case_id, stream, asked_for in (
            ("case-2", STREAM, event_id),
            (CASE, f"appeal-{CASE}", event_id),
            (CASE, STREAM, nobody),
        ):
            assert not await world.confirming.is_still_true(case_id, stream, asked_for)


class TestArrivals:
    """Source: architecture.md, "Identities": who took part is recorded by each."""

    async def test_know_everybody_who_had_a_part_or_a_bond(self) -> None:
        world = World()
        await world.hear(
            completed("rita"),
            released(took_part=("mo",)),
            not_passed(),
            awarded(),
            nominated("sam"),
            submitted(),
        )
        file = await world.file()
        assert {part.person_id for part in file.parts} == {
            "rita",
            "mo",
            "lena",
            "hugo",
        }
        assert file.mentors == {"ben", "sam"}
        assert file.organisations == {"north-college"}

    async def test_pass_over_other_roles(self) -> None:
        world = World()
        await world.hear(granted("rita", "reviewer"), stated("rita", "south-college"))
        assert await world.facts("hearer-rita") == []
