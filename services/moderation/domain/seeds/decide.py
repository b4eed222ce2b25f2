"""The rules of a pool of seeds: made by the lead, judged by three, shown, retired."""

from typing import assert_never

from services.moderation.domain.commands import Colleague
from services.moderation.domain.refusals import (
    EmployerUnknownError,
    NotALeadError,
    NotAModeratorError,
)
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.domain.seeds.commands import (
    DropErased,
    MakeSeed,
    MarkSeed,
    NoteSeedRefusal,
    RetireSeed,
    SeedCommand,
    ShowSeed,
    Source,
)
from services.moderation.domain.seeds.events import (
    SeedDefined,
    SeedEvent,
    SeedMade,
    SeedMarked,
    SeedRefused,
    SeedRetired,
    SeedShown,
)
from services.moderation.domain.seeds.evolve import INITIAL, Pool, Seed, evolve
from services.moderation.domain.seeds.marking import PANEL, definitive_of
from services.moderation.domain.seeds.refusals import (
    AlreadyASeedError,
    LevelsMissingError,
    MarkedAlreadyError,
    NotOfThePanelError,
    NotToldYetError,
    PanelNotIndependentError,
    SeedRetiredError,
    SourceWithdrawnError,
    UnknownSeedError,
)
from shared.carrying import carry
from shared.decider import Decider
from shared.vocabulary import CRITERIA


def decide(command: SeedCommand, state: Pool) -> tuple[SeedEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        ServiceError: a rule of the one command; see its function.
    """
    match command:
        case MakeSeed():
            return _make(command, state)
        case MarkSeed():
            return _mark(command, known(state, command.seed_id))
        case ShowSeed():
            return _show(command, known(state, command.seed_id))
        case RetireSeed():
            return _retire(command, known(state, command.seed_id))
        case DropErased():
            return _drop(command, known(state, command.seed_id))
        case NoteSeedRefusal():
            return _refused(command, state)
        case _:
            assert_never(command)


def known(state: Pool, seed_id: str) -> Seed:
    """Return the seed.

    Raises:
        UnknownSeedError: there is none with this id.
    """
    found = state.seeds.get(seed_id)
    if found is None:
        raise UnknownSeedError(seed_id=seed_id)
    return found


def _make(command: MakeSeed, state: Pool) -> tuple[SeedEvent, ...]:
    """Return the seed.

    Raises:
        NotALeadError: facts do not say that the asker is one.
        AlreadyASeedError: a seed was made of this case.
        NotToldYetError, SourceWithdrawnError: it is no decided case.
        NotAModeratorError, PanelNotIndependentError, EmployerUnknownError: somebody
            may not be of the panel.
    """
    if "lead_moderator" not in command.by.standing.roles:
        raise NotALeadError
    source, judged = command.source, command.source.judged
    before = state.of_case(judged.case_id)
    first, second, third = (each.person_id for each in command.panel)
    if before is not None:
        same = (before.made.seed_id, *before.made.panel)
        if same == (command.seed_id, first, second, third):
            return ()
        raise AlreadyASeedError(case_id=judged.case_id)
    if source.is_withdrawn:
        raise SourceWithdrawnError(case_id=judged.case_id)
    if not source.is_told:
        raise NotToldYetError(case_id=judged.case_id)
    for each in command.panel:
        _require_panel(each, source)
    made = carry(
        judged,
        SeedMade,
        seed_id=command.seed_id,
        template=source.template,
        took_part=source.took_part,
        panel=(first, second, third),
        permission=command.permission,
        made_by=command.by.person_id,
        occurred_at=command.at,
    )
    return (made,)


def _require_panel(who: Colleague, source: Source) -> None:
    _require_role(who)
    judged, standing = source.judged, who.standing
    bonds = {judged.participant_id, judged.mentor_id, *source.took_part}
    if (
        who.person_id in bonds
        or judged.participant_id in standing.mentees
        or standing.organisation_id == judged.participant_organisation_id
    ):
        raise PanelNotIndependentError(person_id=who.person_id)
    if standing.organisation_id is None:
        raise EmployerUnknownError(person_id=who.person_id)


def _require_role(who: Colleague) -> None:
    if not who.standing.roles & {"moderator", "lead_moderator"}:
        raise NotAModeratorError(person_id=who.person_id)


def _mark(command: MarkSeed, seed: Seed) -> tuple[SeedEvent, ...]:
    """Return the marks, and with the third what they make.

    Raises:
        NotOfThePanelError, NotAModeratorError: somebody else judges it.
        MarkedAlreadyError: they gave other marks before.
        SeedRetiredError: it is not used any more.
        LevelsMissingError: a criterion has no level.
    """
    by = command.by.person_id
    if by not in seed.made.panel:
        raise NotOfThePanelError(seed_id=command.seed_id)
    _require_role(command.by)
    if set(command.levels) != set(CRITERIA):
        raise LevelsMissingError(needed=list(CRITERIA))
    before = seed.marks.get(by)
    if before is not None:
        if before.levels == dict(command.levels):
            return ()
        raise MarkedAlreadyError(seed_id=command.seed_id)
    if seed.retired is not None:
        raise SeedRetiredError(seed_id=command.seed_id)
    marked = carry(command, SeedMarked, marked_by=by, occurred_at=command.at)
    marks = [each.levels for each in (*seed.marks.values(), marked)]
    if len(marks) < PANEL:
        return (marked,)
    defined = SeedDefined(
        seed_id=command.seed_id,
        definitive=definitive_of(marks),
        occurred_at=command.at,
    )
    return (marked, defined)


def _show(command: ShowSeed, seed: Seed) -> tuple[SeedEvent, ...]:
    """Return that somebody saw it, and its retirement when too many have.

    Source: statistics.md section 4, more than 20 % of the reviewers.
    """
    if command.reviewer_id in seed.shown:
        return ()
    shown = carry(command, SeedShown, occurred_at=command.at)
    seen_by, rules = len(seed.shown) + 1, command.rules
    is_known = seen_by * PARTS_PER_MILLION > command.reviewers * rules.retire_above_ppm
    if seed.retired is not None or not is_known or seen_by < rules.retire_not_before:
        return (shown,)
    retired = SeedRetired(
        seed_id=command.seed_id,
        because="seen_too_often",
        seen_by=seen_by,
        occurred_at=command.at,
    )
    return (shown, retired)


def _retire(command: RetireSeed, seed: Seed) -> tuple[SeedEvent, ...]:
    """Return the retirement; empty when it is retired.

    Raises:
        NotALeadError: facts do not say that the asker is one.
    """
    if "lead_moderator" not in command.by.standing.roles:
        raise NotALeadError
    if seed.retired is not None:
        return ()
    retired = SeedRetired(
        seed_id=command.seed_id,
        because="lead",
        seen_by=len(seed.shown),
        retired_by=command.by.person_id,
        reason=command.reason,
        occurred_at=command.at,
    )
    return (retired,)


def _drop(command: DropErased, seed: Seed) -> tuple[SeedEvent, ...]:
    if seed.retired is not None:
        return ()
    retired = SeedRetired(
        seed_id=command.seed_id,
        because="erased",
        seen_by=len(seed.shown),
        occurred_at=command.at,
    )
    return (retired,)


def _refused(command: NoteSeedRefusal, state: Pool) -> tuple[SeedEvent, ...]:
    asked = (command.case_id, command.attempt, command.refusal, command.by)
    known_ = ((e.case_id, e.attempt, e.refusal, e.by) for e in state.refused)
    if asked in known_:
        return ()
    return (carry(command, SeedRefused, occurred_at=command.at),)


seeds = Decider(category="seed", decide=decide, evolve=evolve, initial=INITIAL)
