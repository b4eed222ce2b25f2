"""Handing in a portfolio: read, keep, and one unit of work, or nothing at all.

Invariant: person, address, enrolment, sections, evidence and submission become facts
together; whatever is refused leaves no fact behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.submission.documents import (
    DocumentReaders,
    Portfolio,
    Upload,
    read_portfolio,
)
from services.submission.domain.cohort.decide import UnknownCohortError, cohort
from services.submission.domain.cohort.evolve import NotOpened
from services.submission.domain.commands import (
    AttachEvidence,
    CaseCommand,
)
from services.submission.domain.decide import case
from services.submission.domain.states import Case, portfolio_of
from services.submission.handlers.attaching import attachments
from services.submission.handlers.cases import enrol_in, running_cohort
from services.submission.handlers.details import (
    Asker,
    Details,
    Form,
    Parties,
    cohort_id_of,
)
from services.submission.handlers.entering import entry_steps
from services.submission.handlers.handing_in import (
    HandingIn,
    answer,
    attempt_of,
    nominations,
    refuse_before_storing,
    saves,
    submission,
)
from services.submission.handlers.keeping import Keeping, Kept
from shared.contracts.programme import Programme
from shared.crypto import Vault
from shared.errors import BadInputError
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.programmes import programme_of, programmes


class OtherProgrammeError(BadInputError):
    """The cohort belongs to another programme than the portfolio."""


@dataclass(frozen=True, slots=True)
class Portfolios:
    """Takes portfolios in."""

    handling: Handling
    details: Details
    keeping: Keeping
    readers: DocumentReaders
    vault: Vault

    async def programmes_for(self, form: Form) -> tuple[Programme, ...]:
        """Return the programme of the cohort the form names, or all there are.

        Raises:
            UnknownCohortError: there is no such cohort.
        """
        if form.cohort is None:
            return programmes()
        return (await self._programme_of(form.cohort),)

    async def hand_in(
        self, upload: Upload, form: Form, asker: Asker, *, at: datetime, cause: Cause
    ) -> Handled:
        """Take a portfolio in; the answer tells its case, and how much was read.

        Raises:
            PortfolioRefusedError: it cannot be read; holds every problem.
            DetailsMissingError: nobody says who, where or with which mentor.
            UnknownCohortError, OtherProgrammeError: not the cohort it belongs to.
            PortfolioIncompleteError, DeadlinePassedError, AlreadySubmittedError.
        """
        if cause.request and await self.handling.log.answer(cause.request.key):
            return await self.handling(cause)  # says what it said then, reading nothing
        portfolio, programme = await self._read(upload, form)
        asked = HandingIn(
            upload=upload,
            portfolio=portfolio,
            programme=programme,
            form=form,
            asker=asker,
            at=at,
        )
        ids: Ids = {}

        async def build(loader: Loader) -> Sequence[Step]:
            nonlocal ids
            ids, steps = await self._plan(loader, asked)
            return steps

        return await self.handling.plan(cause.answer(201, lambda _: ids), build)

    async def _read(self, upload: Upload, form: Form) -> tuple[Portfolio, Programme]:
        """Return the portfolio, and the programme as its cohort has pinned it."""
        known = await self.programmes_for(form)
        read = await read_portfolio(upload, programmes=known, pool=self.readers)
        filled = form.fill(read)
        programme = await self._programme_of(cohort_id_of(filled))
        if programme in known or programme.code != read.programme:
            return filled, programme
        read = await read_portfolio(upload, programmes=(programme,), pool=self.readers)
        return form.fill(read), programme

    async def _programme_of(self, cohort_id: str) -> Programme:
        _, state = await self.handling.fold(cohort, f"cohort-{cohort_id}")
        if isinstance(state, NotOpened):
            raise UnknownCohortError(cohort_id=cohort_id)
        return programme_of(state.opening)

    async def _plan(
        self, loader: Loader, asked: HandingIn
    ) -> tuple[Ids, tuple[Step, ...]]:
        found = await running_cohort(loader, cohort_id_of(asked.portfolio))
        if found.opening.programme != asked.portfolio.programme:
            raise OtherProgrammeError(programme=found.opening.programme)
        parties = await self.details.parties(
            loader, asked.portfolio, asked.form, asked.asker
        )
        whose = parties.participant.found.person_id
        enrolment = enrol_in(found, whose, parties.organisation_id, asked.at)
        stream = f"case-{enrolment.case_id}"
        state = await loader.state(case, stream)
        first = (
            *await self._people(parties, asked.at),
            *await entry_steps(
                loader, found, enrolment, by_office=not asked.asker.is_participant
            ),
            *(Step(case, stream, each) for each in nominations(parties, asked.at)),
        )
        await refuse_before_storing(loader, first)
        about = (asked.portfolio, asked.upload.contents, enrolment, attempt_of(state))
        measured = await self.keeping.measure(*about)
        commands: tuple[CaseCommand, ...] = (
            *saves(measured, asked.at),
            *await self._attachments(asked, measured, state),
            submission(asked, found, measured, parties.organisation_id),
        )
        steps = (*first, *(Step(case, stream, each) for each in commands))
        await refuse_before_storing(loader, steps)
        await self.keeping.keep(*about)
        return answer(enrolment, parties, measured), steps

    async def _people(self, parties: Parties, at: datetime) -> tuple[Step, ...]:
        people = self.details.people
        everybody = (parties.participant, parties.mentor)
        entered = [
            await people.steps(each.found, each.entry, at) for each in everybody if each
        ]
        return tuple(step for steps in entered for step in steps)

    async def _attachments(
        self, asked: HandingIn, kept: Kept, state: Case
    ) -> tuple[AttachEvidence, ...]:
        before = portfolio_of(state)
        attached = before.evidence if before else {}
        uses = [each.use for each in asked.portfolio.evidence]
        files = list(zip(kept.evidence, uses, strict=True))
        return await attachments(self.vault, attached, files, asked.at)
