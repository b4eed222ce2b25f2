"""One portfolio on its way in: what was asked, and the commands it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.submission.documents import Portfolio, Upload
from services.submission.domain import submitting
from services.submission.domain.cohort.evolve import Running
from services.submission.domain.commands import (
    Enrol,
    NominateMentor,
    SaveSection,
    Submit,
)
from services.submission.domain.states import Case, Ended, HandedIn, portfolio_of
from services.submission.handlers.details import Asker, Form, Parties
from services.submission.handlers.keeping import Kept
from shared.contracts.programme import Programme, Template
from shared.handling import Ids, Loader, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingIn:
    """A portfolio as it was read, who hands it in, and when it was received."""

    upload: Upload
    portfolio: Portfolio
    programme: Programme
    form: Form
    asker: Asker
    at: datetime

    @property
    def template(self) -> Template:
        """The template the portfolio follows."""
        found = self.programme.template(self.portfolio.template)
        assert found is not None  # noqa: S101 - the reader knows only the programme's
        return found


def attempt_of(state: Case) -> int:
    """Return the number of the attempt that is in the making, or was handed in."""
    before = state.before if isinstance(state, Ended) else state
    if isinstance(before, HandedIn):
        return before.submission.attempt
    portfolio = portfolio_of(before)
    return 1 if portfolio is None else submitting.attempt_of(portfolio)


async def refuse_before_storing(loader: Loader, steps: Sequence[Step]) -> None:
    """Decide *steps* for their refusals alone, so that none leaves a file behind."""
    states: dict[str, object] = {}
    for step in steps:
        if step.stream not in states:
            states[step.stream] = await loader.state(step.decider, step.stream)
        state = states[step.stream]
        facts = step.decider.decide(step.command, state)
        states[step.stream] = step.decider.fold(facts, state)


def nominations(parties: Parties, at: datetime) -> tuple[NominateMentor, ...]:
    """Return the command that names the mentor; none where there is nobody."""
    if parties.mentor is None:
        return ()
    return (NominateMentor(mentor_id=parties.mentor.found.person_id, at=at),)


def saves(kept: Kept, at: datetime) -> tuple[SaveSection, ...]:
    """Return the commands that put every section into the case."""
    return tuple(
        SaveSection(
            key=section.key,
            words=section.amount.words,
            pictures=section.amount.pictures,
            content_hash=section.blob.content_hash,
            path=section.blob.path,
            at=at,
        )
        for section in kept.sections
    )


def submission(
    asked: HandingIn, found: Running, kept: Kept, organisation_id: str
) -> Submit:
    """Return the command that hands the snapshot in."""
    return Submit(
        template=asked.template,
        role_context=asked.portfolio.role_context,
        fairness=asked.portfolio.fairness,
        fairness_asked=asked.programme.fairness,
        snapshot_sha256=kept.snapshot.content_hash,
        snapshot_path=kept.snapshot.path,
        cohort_deadline=found.deadline,
        organisation_id=organisation_id,
        at=asked.at,
    )


def answer(enrolment: Enrol, parties: Parties, kept: Kept) -> Ids:
    """Return what the answer tells: ids, and how much was read."""
    return {
        "case_id": enrolment.case_id,
        "cohort_id": enrolment.cohort_id,
        "person_id": enrolment.person_id,
        "mentor_id": parties.mentor.found.person_id if parties.mentor else None,
        "sections": len(kept.sections),
        "words": sum(section.amount.words for section in kept.sections),
        "files": len(kept.evidence),
        "snapshot_sha256": kept.snapshot.content_hash,
    }
