"""Participant, office and the other services, on a log in memory."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import structlog

from services.submission import consumers
from services.submission.app import CODEC
from services.submission.documents import Contact, Participant, Portfolio
from services.submission.domain.cohort.commands import MoveCohortDeadline
from services.submission.domain.decide import case
from services.submission.domain.enrolling import (
    ApplicationNeededError,
    ApplicationUnknownError,
    NotEligibleError,
)
from services.submission.domain.events import (
    DetailsOpened,
    Enrolled,
    ExtraDays,
    ReminderDue,
    RestartRequired,
    ResubmissionOpened,
    ReviewDelayed,
    Submitted,
)
from services.submission.domain.places import ElsewhereError, FeeDueError
from services.submission.domain.states import Ended, Open
from services.submission.domain.submitting import (
    AlreadySubmittedError,
    NotEnrolledError,
)
from services.submission.handlers import (
    Adjustments,
    Agreement,
    Applications,
    Asker,
    Cohorts,
    Dates,
    Details,
    Enrolments,
    Entry,
    Following,
    Form,
    Item,
    People,
    Queries,
    Timekeeping,
    Who,
    Words,
)
from services.submission.handlers.details import AddressUnverifiedError, Parties
from services.submission.handlers.entering import (
    NoApplicationError,
    NotLaterCohortError,
)
from services.submission.handlers.reading import ReasonMissingError
from services.submission.handlers.timekeeping import FactUnknownError
from services.submission.outgoing import to_public
from shared.contracts import submission as public
from shared.contracts.message import Message, Received
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.viva import AwardConferred, NotPassed
from shared.crypto import Vault
from shared.decider import Fact
from shared.eventlog import StoredEvent
from shared.handling import Cause, Handling, Loader, Step
from shared.ids import derived_id
from shared.programmes import load_programme
from tests.support.keys import memory_keystore
from tests.support.memory_log import MemoryEventLog
from tests.unit.submission.examples import TEMPLATE, sealed, submit
from tests.unit.submission.examples import save as saving

OFFICE = Who(person_id="olga", side="office")
ANA = Who(person_id="ana", side="participant")
EVE = Who(person_id="eve", side="participant")
ATS, QTLS = "ats-2026-10", "qtls-2026-09"
STARTS_ON, DEADLINE = date(2026, 10, 1), date(2027, 9, 30)
APPLIED_AT = datetime(2026, 6, 20, 12, tzinfo=UTC)
RELEASED_AT = datetime(2027, 11, 5, 12, tzinfo=UTC)
ANSWERS = {
    "holds-qtls": "Since 2019.",
    "experience": "Seven years.",
    "impact-on-colleagues": "I coach six of them.",
}


@dataclass(slots=True)
class World:
    """Submission's write side; time is what the test says it is."""

    now: datetime = APPLIED_AT
    number: int = 0
    log: MemoryEventLog = field(init=False)
    vault: Vault = field(init=False)
    handling: Handling = field(init=False)

    def __post_init__(self) -> None:
        self.log = MemoryEventLog(now=lambda: self.now)
        self.vault = Vault(memory_keystore(), lambda: self.now)
        self.handling = Handling(self.log, CODEC)

    @property
    def applications(self) -> Applications:
        return Applications(self.handling, self.vault)

    @property
    def enrolments(self) -> Enrolments:
        return Enrolments(self.handling)

    @property
    def words(self) -> Words:
        return Words(self.handling, self.vault)

    @property
    def adjustments(self) -> Adjustments:
        return Adjustments(self.handling, self.words)

    @property
    def queries(self) -> Queries:
        return Queries(self.handling, self.words)

    @property
    def following(self) -> Following:
        return Following(self.handling)

    @property
    def timekeeping(self) -> Timekeeping:
        return Timekeeping(self.handling)

    def item(self, case_id: str, item_id: str, who: Who) -> Item:
        return Item(
            case_id=case_id, item_id=item_id, who=who, at=self.now, cause=self.cause()
        )

    def cause(self) -> Cause:
        self.number += 1
        return Cause.by_clock("test", str(self.number))

    async def open(
        self, cohort: str, programme: str, starts_on: date = STARTS_ON
    ) -> None:
        deadline = starts_on + timedelta(days=364)
        why = "Examples start on any day."
        dates = Dates(deadline=deadline, starts_on=starts_on, because=why)
        await Cohorts(self.handling).open(
            cohort, programme=programme, dates=dates, at=self.now, cause=self.cause()
        )

    async def register(self, person_id: str) -> None:
        entry = Entry(
            name=person_id,
            email=f"{person_id}@example.org",
            organisation_id="north-college",
            roles=("participant",),
            person_id=person_id,
        )
        people = People(self.handling, self.vault)
        await people.register(entry, self.now, self.cause())

    async def apply(self, cohort: str = ATS) -> str:
        await self.applications.apply(
            cohort, "ana", ANSWERS, at=self.now, cause=self.cause()
        )
        return await self.last_case()

    async def enrol(self, cohort: str, who: Who = OFFICE) -> str:
        await self.enrolments.enrol(
            cohort, "ana", mentor_id=None, who=who, at=self.now, cause=self.cause()
        )
        return await self.last_case()

    async def hand_in(self, case_id: str, content: str = "1", **changes: Any) -> None:
        stream = f"case-{case_id}"
        keys = ("introduction", "action-plan")
        saves = [
            saving(key=key, content_hash=content * 64, at=self.now) for key in keys
        ]
        command = submit(
            template=TEMPLATE,
            snapshot_sha256=content * 64,
            cohort_deadline=DEADLINE,
            at=self.now,
            **changes,
        )
        steps = [Step(case, stream, each) for each in (*saves, command)]
        await self.handling(self.cause(), *steps)

    async def hear(self, body: Message, name: str = "1") -> None:
        event_id = derived_id("message", type(body).__name__, name)
        message: Received[Any] = Received(
            body=body,
            event_id=event_id,
            source="moderation",
            stream="moderation-1",
            version=1,
            position=1,
            epoch=1,
            generation=1,
            occurred_at=self.now,
            correlation_id=event_id,
        )
        await consumers.build(self.following)[type(body)](message)

    async def events(self) -> list[tuple[Fact, StoredEvent]]:
        return [(CODEC.decode(each), each) for each in await self.log.read_after(0)]

    async def facts(self, kind: type[Any]) -> list[Any]:
        return [fact for fact, _ in await self.events() if isinstance(fact, kind)]

    async def last_case(self) -> str:
        streams = [event.stream for _, event in await self.events()]
        return next(s for s in reversed(streams) if s.startswith("case-"))[5:]

    async def published(self) -> list[Message]:
        told = [to_public(fact, event) for fact, event in await self.events()]
        return [message for message in told if message is not None]

    async def state(self, case_id: str) -> Any:
        return (await self.handling.fold(case, f"case-{case_id}"))[1]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


@pytest.fixture
async def world() -> World:
    """Two cohorts, Ana and Eve."""
    there = World()
    await there.open(ATS, "ATS")
    await there.open(QTLS, "QTLS")
    await there.register("ana")
    await there.register("eve")
    return there


def outcome(case_id: str, **changes: Any) -> OutcomeReleased:
    told: dict[str, Any] = {
        "case_id": case_id,
        "cohort_id": ATS,
        "attempt": 1,
        "participant_id": "ana",
        "programme": "ATS",
        "programme_version": "2025.1",
        "policy_version": "2025.1",
        "outcome": "CNM",
        "feedback": sealed("feedback"),
        "took_part": ("rita",),
        "released_at": RELEASED_AT,
    }
    return OutcomeReleased(**told | changes)


async def in_window(world: World) -> str:
    """Let Ana hand in and be told CNM; return the case."""
    case_id = await world.enrol(ATS)
    world.now = datetime(2027, 9, 1, 12, tzinfo=UTC)
    await world.hand_in(case_id)
    world.now = RELEASED_AT
    await world.hear(outcome(case_id))
    return case_id


class TestApplications:
    async def test_lead_to_an_enrolment_once_the_panel_agrees(
        self, world: World
    ) -> None:
        """Source: S0."""
        case_id = await world.apply()
        with pytest.raises(NotEligibleError):
            await world.enrol(ATS, ANA)
        await world.applications.decide(
            case_id, "eligible", None, by="olga", at=world.now, cause=world.cause()
        )
        await world.enrol(ATS, ANA)
        (enrolled,) = await world.facts(Enrolled)
        assert (enrolled.case_id, enrolled.entry) == (case_id, "application")

    async def test_are_not_taken_where_the_programme_asks_for_none(
        self, world: World
    ) -> None:
        """Source: S2 (QTLS)."""
        with pytest.raises(NoApplicationError):
            await world.apply(QTLS)

    async def test_are_read_by_the_applicant_and_by_the_panel_with_a_reason(
        self, world: World
    ) -> None:
        """Source: domain.md section 1 (a reason that is logged)."""
        case_id = await world.apply()
        _, own = await world.queries.application(case_id, who=ANA, reason=None)
        assert own == ANSWERS
        with pytest.raises(ReasonMissingError):
            await world.queries.application(case_id, who=OFFICE, reason=" ")
        assert await world.facts(DetailsOpened) == []
        _, read = await world.queries.application(
            case_id, who=OFFICE, reason="the panel meets"
        )
        assert read == ANSWERS
        (opened,) = await world.facts(DetailsOpened)
        assert (opened.opened_by, opened.field) == ("olga", "office.application")

    async def test_are_nobody_else_s_to_read(self, world: World) -> None:
        case_id = await world.apply()
        with pytest.raises(NotEnrolledError):
            await world.queries.application(case_id, who=EVE, reason=None)

    async def test_are_gone_once_somebody_takes_part(self, world: World) -> None:
        case_id = await world.enrol(ATS)
        with pytest.raises(ApplicationUnknownError):
            await world.queries.application(case_id, who=ANA, reason=None)


class TestEnrolment:
    async def test_without_an_application_is_the_office_s_alone(
        self, world: World
    ) -> None:
        """Source: S0; P: an import stays possible and is recorded as such."""
        with pytest.raises(ApplicationNeededError):
            await world.enrol(ATS, ANA)
        await world.enrol(ATS, OFFICE)
        (enrolled,) = await world.facts(Enrolled)
        assert enrolled.entry == "office"

    async def test_in_two_cohorts_is_refused_until_the_first_case_ends(
        self, world: World
    ) -> None:
        """Source: domain.md section 1."""
        first = await world.enrol(ATS)
        with pytest.raises(ElsewhereError):
            await world.enrol(QTLS)
        await world.following.withdraw(
            first, who=ANA, at=world.now, cause=world.cause()
        )
        assert await world.enrol(QTLS) != first

    async def test_in_two_cohorts_at_once_is_in_one(self, world: World) -> None:
        """Source: domain.md section 1: also when both are asked for together."""
        both = (world.enrol(cohort) for cohort in (ATS, QTLS))
        results = await asyncio.gather(*both, return_exceptions=True)
        refused = [each for each in results if not isinstance(each, str)]
        assert [type(each) for each in refused] == [ElsewhereError]
        assert len(await world.facts(Enrolled)) == 1

    async def test_anew_needs_the_fee_and_names_the_old_case(
        self, world: World
    ) -> None:
        """Source: S2 6.2.3."""
        old = await in_window(world)
        world.now = RELEASED_AT + timedelta(weeks=7)
        await world.timekeeping.lapse(old, world.now, world.cause())
        await world.open("ats-2028-10", "ATS", date(2028, 10, 1))
        await world.open("ats-same", "ATS")
        again: dict[str, Any] = {"who": OFFICE, "at": world.now}
        with pytest.raises(FeeDueError):
            await world.enrolments.restart(
                old, "ats-2028-10", cause=world.cause(), **again
            )
        pence = load_programme("ATS").policy.restart.fee_pence.value
        await world.following.record_fee(
            old, pence, by="olga", at=world.now, cause=world.cause()
        )
        with pytest.raises(NotLaterCohortError):
            await world.enrolments.restart(
                old, "ats-same", cause=world.cause(), **again
            )
        await world.enrolments.restart(old, "ats-2028-10", cause=world.cause(), **again)
        enrolled = (await world.facts(Enrolled))[-1]
        assert (enrolled.restart_of, enrolled.entry) == (old, "restart")
        assert isinstance(await world.state(enrolled.case_id), Open)


class TestAdjustments:
    async def test_move_the_clock_and_tell_a_panel_no_reason(
        self, world: World
    ) -> None:
        """Source: S2 3.1.1, 6.2.2; domain.md section 3."""
        case_id = await world.enrol(ATS)
        await world.adjustments.ask(world.item(case_id, "a1", ANA), "I read slowly.")
        agreement = Agreement(
            extra_days=(ExtraDays(clock="submission", days=10),),
            viva=("extra_time",),
            until=date(2027, 12, 31),
            details="Ten days, and time and a quarter.",
        )
        await world.adjustments.agree(world.item(case_id, "a1", OFFICE), agreement)
        now = await world.timekeeping.closing_at(case_id, world.now, ANA)
        assert now is not None
        assert now.closes_on == DEADLINE + timedelta(days=10)
        found = await world.adjustments.arrangements(case_id, date(2027, 12, 1))
        assert found == ("extra_time",)
        assert await world.adjustments.arrangements(case_id, date(2028, 1, 1)) == ()
        (own,) = await world.adjustments.read(case_id, who=ANA, reason=None)
        assert (own.asked, own.agreed) == (
            "I read slowly.",
            "Ten days, and time and a quarter.",
        )
        assert "slowly" not in str(await world.published())

    async def test_are_declined_in_words_for_the_participant_alone(
        self, world: World
    ) -> None:
        """Source: S2 3.1.1; domain.md section 4 (the one private/public rule)."""
        case_id = await world.enrol(ATS)
        at = world.now
        await world.adjustments.ask(world.item(case_id, "a1", ANA), "A year.")
        await world.adjustments.decline(
            world.item(case_id, "a1", OFFICE), "Longer than it lasts."
        )
        (own,) = await world.adjustments.read(case_id, who=ANA, reason=None)
        assert (own.asked, own.agreed, own.declined) == (
            "A year.",
            None,
            "Longer than it lasts.",
        )
        now = await world.timekeeping.closing_at(case_id, at, ANA)
        assert now is not None
        assert now.closes_on == DEADLINE
        assert "Longer" not in str(await world.published())

    async def test_details_are_read_by_the_office_with_a_reason_that_is_logged(
        self, world: World
    ) -> None:
        """Source: domain.md section 1: never without a reason that is logged."""
        case_id = await world.enrol(ATS)
        await world.adjustments.ask(world.item(case_id, "a1", ANA), "I read slowly.")
        with pytest.raises(ReasonMissingError):
            await world.adjustments.read(case_id, who=OFFICE, reason=" ")
        assert await world.facts(DetailsOpened) == []
        (read,) = await world.adjustments.read(
            case_id, who=OFFICE, reason="to agree it"
        )
        assert read.asked == "I read slowly."
        (opened,) = await world.facts(DetailsOpened)
        assert opened.opened_by == OFFICE.person_id

    async def test_are_nobody_else_s(self, world: World) -> None:
        case_id = await world.enrol(ATS)
        with pytest.raises(NotEnrolledError):
            await world.adjustments.ask(world.item(case_id, "a1", EVE), "x")
        with pytest.raises(NotEnrolledError):
            await world.adjustments.read(case_id, who=EVE, reason=None)


class TestQueries:
    async def test_pass_between_participant_and_office(self, world: World) -> None:
        """Source: domain.md section 1 (operations: queries)."""
        case_id = await world.enrol(ATS)
        await world.queries.ask(world.item(case_id, "q1", ANA), "May I use film?")
        await world.queries.answer(world.item(case_id, "q1", OFFICE), "Yes.")
        (read,) = await world.queries.read(case_id, who=ANA, reason=None)
        assert (read.text, read.answer) == ("May I use film?", "Yes.")
        (read,) = await world.queries.read(case_id, who=OFFICE, reason="a complaint")
        assert read.answer == "Yes."
        assert len(await world.facts(DetailsOpened)) == 1

    async def test_are_nobody_else_s(self, world: World) -> None:
        case_id = await world.enrol(ATS)
        with pytest.raises(NotEnrolledError):
            await world.queries.ask(world.item(case_id, "q1", EVE), "x")


class TestMessages:
    async def test_of_a_cnm_open_a_window_and_pass_the_feedback_on(
        self, world: World
    ) -> None:
        """Source: S2 6.2.1."""
        case_id = await in_window(world)
        told = (await world.published())[-1]
        assert isinstance(told, public.ResubmissionOpened)
        assert told.closes_on == date(2027, 12, 17)
        assert (told.case_id, told.feedback) == (case_id, sealed("feedback"))

    async def test_of_a_second_cnm_ask_for_a_restart(self, world: World) -> None:
        """Source: S2 6.2.3."""
        case_id = await in_window(world)
        world.now = RELEASED_AT + timedelta(weeks=2)
        await world.hand_in(case_id, "2")
        later = RELEASED_AT + timedelta(weeks=8)
        await world.hear(outcome(case_id, attempt=2, released_at=later), "second")
        told = (await world.published())[-1]
        assert isinstance(told, public.RestartRequired)
        assert (told.reason, told.outcome_released_at) == (
            "criteria_not_met_again",
            later,
        )

    async def test_that_are_repeated_change_nothing(self, world: World) -> None:
        """Source: architecture.md, "Inbox"."""
        case_id = await in_window(world)
        before = len(await world.events())
        await world.hear(outcome(case_id))
        assert len(await world.events()) == before

    async def test_of_a_revision_close_the_window(self, world: World) -> None:
        """Source: domain.md section 3."""
        case_id = await in_window(world)
        revised = outcome(case_id).model_dump(exclude={"type"})
        later = {"outcome": "CM", "released_at": RELEASED_AT + timedelta(days=9)}
        await world.hear(OutcomeRevised(**revised | later, replaces="CNM"))
        assert not isinstance(await world.state(case_id), Open)

    async def test_of_vivas_and_awards_end_a_case(self, world: World) -> None:
        """Source: domain.md section 3."""
        case_id = await world.enrol(ATS)
        world.now = datetime(2027, 9, 1, 12, tzinfo=UTC)
        await world.hand_in(case_id)
        await world.hear(outcome(case_id, outcome="CM"))
        await world.hear(
            NotPassed(
                case_id=case_id,
                participant_id="ana",
                number=1,
                last=False,
                took_part=(),
            )
        )
        assert not isinstance(await world.state(case_id), Ended)
        await world.hear(
            AwardConferred(
                case_id=case_id,
                participant_id="ana",
                cohort_id=ATS,
                programme="ATS",
                programme_version="2025.1",
                policy_version="2025.1",
                award_id="ATS-1",
                conferred_at=RELEASED_AT,
            )
        )
        assert isinstance(await world.state(case_id), Ended)

    async def test_of_holds_stop_the_clock(self, world: World) -> None:
        """Source: domain.md section 3."""
        case_id = await world.enrol(ATS)
        placed = datetime(2027, 3, 1, 12, tzinfo=UTC)
        lifted = placed + timedelta(days=4)
        await world.hear(HoldLifted(case_id=case_id, hold_id="h1", lifted_at=lifted))
        await world.hear(HoldPlaced(case_id=case_id, hold_id="h1", placed_at=placed))
        for at, days in ((placed - timedelta(days=1), 0), (lifted, 5)):
            found = await world.timekeeping.closing_at(case_id, at, OFFICE)
            assert found is not None
            assert found.closes_on == DEADLINE + timedelta(days=days)


class TestTwoSubmitsAtOnce:
    """Source: S2 6.2.1: one submission an attempt."""

    async def test_of_two_portfolios_are_one(self, world: World) -> None:
        case_id = await in_window(world)
        both = (world.hand_in(case_id, content) for content in "23")
        results = await asyncio.gather(*both, return_exceptions=True)
        refused = [each for each in results if each is not None]
        assert [type(each) for each in refused] == [AlreadySubmittedError]
        attempts = [each.attempt for each in await world.facts(Submitted)]
        assert attempts == [1, 2]

    async def test_of_the_same_portfolio_are_one(self, world: World) -> None:
        case_id = await in_window(world)
        await asyncio.gather(*(world.hand_in(case_id, "2") for _ in range(3)))
        attempts = [each.attempt for each in await world.facts(Submitted)]
        assert attempts == [1, 2]


class TestTimekeeping:
    async def test_reminds_by_the_programme_s_marks(self, world: World) -> None:
        """Source: domain.md section 3 (P)."""
        case_id = await world.enrol(ATS)
        for day in (15, 16, 17, 23, 24, 28, 30):
            at = datetime(2027, 9, day, 12, tzinfo=UTC)
            await world.timekeeping.remind(case_id, at, world.cause())
        marks = [each.mark_days for each in await world.facts(ReminderDue)]
        assert marks == [14, 7, 2]

    async def test_tells_that_a_missed_window_means_a_restart(
        self, world: World
    ) -> None:
        """Source: S2 6.2.3."""
        case_id = await in_window(world)
        at = RELEASED_AT + timedelta(weeks=7)
        await world.timekeeping.lapse(case_id, at, world.cause())
        (required,) = await world.facts(RestartRequired)
        assert required.reason == "resubmission_late"

    async def test_tells_reviewers_of_a_later_deadline(self, world: World) -> None:
        """Source: S2 4.4."""
        case_id = await world.enrol(ATS)
        await world.hand_in(case_id)
        await Cohorts(world.handling).move_deadline(
            MoveCohortDeadline(
                cohort_id=ATS, deadline=date(2027, 10, 31), at=world.now
            ),
            world.cause(),
        )
        for _ in range(2):
            await world.timekeeping.delay_review(case_id, world.now, world.cause())
        assert len(await world.facts(ReviewDelayed)) == 1
        told = (await world.published())[-1]
        assert isinstance(told, public.DeadlineMoved)
        assert told.review_opens_at == datetime(2027, 11, 1, tzinfo=UTC)

    async def test_confirms_a_letter_until_it_is_no_longer_true(
        self, world: World
    ) -> None:
        """Source: domain.md section 5."""
        case_id = await in_window(world)
        event_id = next(
            event.event_id
            for fact, event in await world.events()
            if isinstance(fact, ResubmissionOpened)
        )
        ask = world.timekeeping.is_still_true
        assert await ask(case_id, event_id, RELEASED_AT)
        await world.following.withdraw(
            case_id, who=ANA, at=RELEASED_AT, cause=world.cause()
        )
        assert not await ask(case_id, event_id, RELEASED_AT)
        with pytest.raises(FactUnknownError):
            await ask(case_id, UUID(int=9), RELEASED_AT)

    async def test_shows_a_clock_to_nobody_else(self, world: World) -> None:
        case_id = await world.enrol(ATS)
        with pytest.raises(NotEnrolledError):
            await world.timekeeping.closing_at(case_id, world.now, EVE)


class TestFirstSignIn:
    """Source: domain.md section 1: the verified address, not what somebody types."""

    PORTFOLIO = Portfolio(
        programme="QTLS",
        programme_version="2025.1",
        template="portfolio",
        participant=Participant(name="Zoe", email="victim@example.org"),
        cohort=QTLS,
        setting="North College",
        mentor=Contact(name="Ben", email="ben@example.org"),
    )

    async def parties(self, world: World, asker: Asker) -> Parties:
        details = Details(People(world.handling, world.vault))
        found: list[Parties] = []

        async def build(loader: Loader) -> tuple[Step, ...]:
            form = Form()
            found.append(await details.parties(loader, self.PORTFOLIO, form, asker))
            return ()

        await world.handling.plan(world.cause(), build)
        return found[0]

    async def test_takes_the_address_that_the_issuer_has_verified(
        self, world: World
    ) -> None:
        zoe = Asker(
            person_id="zoe", is_participant=True, verified_email="zoe@example.org"
        )
        party = (await self.parties(world, zoe)).participant
        assert (party.found.person_id, party.entry.email) == ("zoe", "zoe@example.org")
        assert party.found.address_hash == world.vault.address_hash("zoe@example.org")

    async def test_is_refused_without_one_and_says_what_to_do(
        self, world: World
    ) -> None:
        with pytest.raises(AddressUnverifiedError, match="ask the office"):
            await self.parties(world, Asker(person_id="zoe", is_participant=True))

    async def test_of_somebody_in_the_directory_needs_nothing(
        self, world: World
    ) -> None:
        party = (
            await self.parties(world, Asker(person_id="ana", is_participant=True))
        ).participant
        assert party.found.address_hash == world.vault.address_hash("ana@example.org")
