"""Handing in a portfolio: read, keep, and one unit of work, or nothing at all.

Invariant: person, address, enrolment, sections, evidence and submission become facts
together; whatever is refused leaves no fact behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.submission.documents import (
    DocumentReaders,
    Upload,
    read_portfolio,
)
from services.submission.domain.cohort.decide import cohort, running
from services.submission.domain.commands import (
    AttachEvidence,
    CaseCommand,
    NominateMentor,
)
from services.submission.domain.decide import case
from services.submission.domain.evolve import Case, portfolio_of
from services.submission.handlers.cases import enrol_in, running_cohort
from services.submission.handlers.details import (
    Asker,
    Details,
    DetailsMissingError,
    Form,
    Parties,
    cohort_id_of,
)
from services.submission.handlers.handing_in import (
    HandingIn,
    answer,
    refuse_before_storing,
    refuse_early,
    saves,
    submission,
)
from services.submission.handlers.keeping import Keeping, Kept
from shared.contracts.programme import Programme
from shared.crypto import Vault
from shared.errors import BadInputError
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.programmes import programme_of, programmes

FILE_NAME = "portfolio.file_name"


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

    async def programme_for(self, form: Form) -> Programme:
        """Return the programme of the cohort the form names, or the only one.

        Raises:
            UnknownCohortError: there is no such cohort.
            DetailsMissingError: no cohort is named, and there are several programmes.
        """
        if form.cohort is not None:
            _, state = await self.handling.fold(cohort, f"cohort-{form.cohort}")
            return programme_of(running(state).opening)
        if len(programmes()) > 1:
            raise DetailsMissingError("cohort")
        return programmes()[0]

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
        programme = await self.programme_for(form)
        read = await read_portfolio(upload, programme=programme, pool=self.readers)
        asked = HandingIn(
            upload=upload,
            portfolio=form.fill(read),
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

    async def _plan(
        self, loader: Loader, asked: HandingIn
    ) -> tuple[Ids, tuple[Step, ...]]:
        found = await running_cohort(loader, cohort_id_of(asked.portfolio))
        if found.opening.programme != asked.programme.code:
            raise OtherProgrammeError(programme=found.opening.programme)
        parties = await self.details.parties(
            loader, asked.portfolio, asked.form, asked.asker
        )
        whose = parties.participant.found.person_id
        enrolment = enrol_in(found, whose, parties.organisation_id, asked.at)
        state = await loader.state(case, f"case-{enrolment.case_id}")
        refuse_early(asked, found, state)
        stream = f"case-{enrolment.case_id}"
        mentor_id = parties.mentor.found.person_id
        first = (
            *await self._people(parties, asked.at),
            Step(case, stream, enrolment),
            Step(case, stream, NominateMentor(mentor_id=mentor_id, at=asked.at)),
        )
        await refuse_before_storing(loader, first)
        kept = await self.keeping.keep(
            asked.portfolio, asked.upload.contents, enrolment
        )
        commands: tuple[CaseCommand, ...] = (
            *saves(kept, asked.at),
            *await self._attachments(whose, kept, state, asked.at),
            submission(asked, found, kept),
        )
        rest = (Step(case, stream, command) for command in commands)
        return answer(enrolment, parties, kept), (*first, *rest)

    async def _people(self, parties: Parties, at: datetime) -> tuple[Step, ...]:
        people = self.details.people
        participant, mentor = parties.participant, parties.mentor
        return (
            *await people.steps(participant.found, participant.entry, at),
            *await people.steps(mentor.found, mentor.entry, at),
        )

    async def _attachments(
        self, whose: str, kept: Kept, state: Case, at: datetime
    ) -> tuple[AttachEvidence, ...]:
        """Return what is not attached yet, each name sealed for the participant."""
        before = portfolio_of(state)
        attached = before.evidence if before else {}
        return tuple(
            [
                AttachEvidence(
                    evidence_id=file.id,
                    name=await self.vault.seal(whose, file.name, field=FILE_NAME),
                    media_type=file.media_type,
                    size_bytes=file.size_bytes,
                    content_hash=file.content_hash,
                    path=file.path,
                    at=at,
                )
                for file in kept.evidence
                if file.id not in attached
            ]
        )
