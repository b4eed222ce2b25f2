"""One moderator holds a case at a time, by a token that says nothing else."""

from datetime import timedelta
from uuid import UUID

from services.moderation.domain.commands import (
    Colleague,
    HandBackCase,
    RecordBlindJudgement,
    TakeCase,
)
from services.moderation.domain.decide import moderation
from services.moderation.domain.events import HandedBack, TakeExtended, TakeLapsed
from services.moderation.domain.refusals import (
    EmployerUnknownError,
    HeldByAnotherError,
    LeaseLapsedError,
    NotAModeratorError,
    NotIndependentError,
    NotOpenError,
    TokenMissingError,
    TokenOfAnotherError,
    TokenStaleError,
)
from shared.errors import ServiceError
from tests.support.specification import Scenario
from tests.unit.moderation.examples import (
    CM_LEVELS,
    EVIDENCE,
    LATER,
    LEAD,
    MODERATOR,
    NOW,
    OTHER_TOKEN,
    SECOND,
    TOKEN,
    VISIBLE,
    blind,
    colleague,
    disputed,
    opened,
    referred,
    sealed,
    taken,
)

CASE = Scenario(moderation)
AFTERWARDS = LATER + timedelta(seconds=1)
MUCH_LATER = LATER + timedelta(hours=1)


def take(
    by: Colleague = MODERATOR, token: UUID = TOKEN, *, late: bool = False
) -> TakeCase:
    at, until = (AFTERWARDS, MUCH_LATER) if late else (NOW, LATER)
    return TakeCase(by=by, token=token, expires_at=until, at=at)


def record(
    by: Colleague = MODERATOR, token: UUID | None = TOKEN, *, late: bool = False
) -> RecordBlindJudgement:
    return RecordBlindJudgement(
        by=by,
        token=token,
        levels=CM_LEVELS,
        rationale=sealed("rationale"),
        evidence=EVIDENCE,
        visible=VISIBLE,
        at=AFTERWARDS if late else NOW,
    )


class TestTakeCase:
    """Source: moderation.md, "Reviewing", lease of 60 minutes (P)."""

    def test_gives_a_token(self) -> None:
        CASE.given(opened()).when(take()).then(taken())

    def test_refuses_while_another_holds_it(self) -> None:
        CASE.given(opened(), taken()).when(take(SECOND, OTHER_TOKEN)).then_refused(
            HeldByAnotherError
        )

    def test_holds_it_longer_by_the_same_token(self) -> None:
        later = LATER + timedelta(minutes=5)
        longer = TakeCase(by=MODERATOR, token=OTHER_TOKEN, expires_at=later, at=NOW)
        CASE.given(opened(), taken()).when(longer).then(
            TakeExtended(token=TOKEN, expires_at=later, occurred_at=NOW)
        )

    def test_repeats_quietly(self) -> None:
        CASE.given(opened(), taken()).when(take()).then_nothing()

    def test_takes_over_a_lapsed_hold(self) -> None:
        CASE.given(opened(), taken()).when(take(SECOND, OTHER_TOKEN, late=True)).then(
            TakeLapsed(moderator_id="p-mod", token=TOKEN, occurred_at=AFTERWARDS),
            taken(SECOND, OTHER_TOKEN).model_copy(
                update={"expires_at": MUCH_LATER, "occurred_at": AFTERWARDS}
            ),
        )

    def test_refuses_what_does_not_wait_for_a_moderator(self) -> None:
        CASE.given().when(take()).then_refused(NotOpenError)
        CASE.given(*referred()).when(take(colleague("p-mod3"))).then_refused(
            NotOpenError
        )


class TestIndependence:
    """Source: domain.md section 1, "must never"."""

    def refuse(self, by: Colleague, *history: object) -> None:
        given = history or (opened(),)
        CASE.given(*given).when(take(by)).then_refused(NotIndependentError)

    def test_refuses_the_reviewer_of_the_case(self) -> None:
        self.refuse(colleague("p-rev"))

    def test_refuses_the_participant(self) -> None:
        self.refuse(colleague("p-ana"))

    def test_refuses_the_mentor(self) -> None:
        self.refuse(colleague("p-mentor"))

    def test_refuses_the_participant_s_organisation(self) -> None:
        self.refuse(colleague(organisation="o-college"))

    def test_refuses_the_same_moderator_twice(self) -> None:
        self.refuse(MODERATOR, *disputed())

    def test_refuses_somebody_the_directory_does_not_name(self) -> None:
        CASE.given(opened()).when(take(LEAD)).then_refused(NotAModeratorError)

    def test_refuses_somebody_whose_organisation_nobody_knows(self) -> None:
        """Otherwise independence of the organisation would rest on nothing."""
        unknown = colleague(organisation=None)
        CASE.given(opened()).when(take(unknown)).then_refused(EmployerUnknownError)
        CASE.given(opened(), taken()).when(record(unknown)).then_refused(
            EmployerUnknownError
        )

    def test_is_checked_again_when_the_judgement_is_made(self) -> None:
        """The moderator moved to the participant's college in between."""
        moved = colleague(organisation="o-college")
        CASE.given(opened(), taken()).when(record(moved)).then_refused(
            NotIndependentError
        )


class TestToken:
    """Source: moderation.md, "a fencing token checked on every write"."""

    def refuse(self, error: type[ServiceError], command: object, *more: object) -> None:
        CASE.given(opened(), taken(), *more).when(command).then_refused(error)

    def test_must_be_there(self) -> None:
        self.refuse(TokenMissingError, record(token=None))

    def test_must_not_be_stale(self) -> None:
        self.refuse(TokenStaleError, record(token=OTHER_TOKEN))
        back = HandedBack(moderator_id="p-mod", token=TOKEN, occurred_at=NOW)
        self.refuse(TokenStaleError, record(), back)

    def test_must_be_one_s_own(self) -> None:
        self.refuse(TokenOfAnotherError, record(SECOND))

    def test_holds_for_an_hour(self) -> None:
        self.refuse(LeaseLapsedError, record(late=True))

    def test_does_not_outlive_a_take_over(self) -> None:
        """The slow first holder comes back after somebody else took the case."""
        taken_over = (
            TakeLapsed(moderator_id="p-mod", token=TOKEN, occurred_at=AFTERWARDS),
            taken(SECOND, OTHER_TOKEN).model_copy(update={"expires_at": MUCH_LATER}),
        )
        self.refuse(TokenStaleError, record(late=True), *taken_over)


class TestHandBackCase:
    def test_frees_the_case(self) -> None:
        command = HandBackCase(by=MODERATOR, token=TOKEN, at=NOW)
        back = HandedBack(moderator_id="p-mod", token=TOKEN, occurred_at=NOW)
        CASE.given(opened(), taken()).when(command).then(back)
        CASE.given(opened(), taken(), back).when(take(SECOND, OTHER_TOKEN)).then(
            taken(SECOND, OTHER_TOKEN)
        )

    def test_needs_the_token(self) -> None:
        command = HandBackCase(by=MODERATOR, token=OTHER_TOKEN, at=NOW)
        CASE.given(opened(), taken()).when(command).then_refused(TokenStaleError)

    def test_comes_too_late_after_the_judgement(self) -> None:
        command = HandBackCase(by=MODERATOR, token=TOKEN, at=NOW)
        CASE.given(opened(), taken(), blind(CM_LEVELS)).when(command).then_refused(
            TokenStaleError
        )
