"""Applications that come as a form in Word: read, checked, and kept for the panel.

Invariant: what is refused leaves no file behind, and staff open a form for a reason
that is a fact before anything is shown. Source: domain.md section 2, S0.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.submission.documents import DocumentReaders, Portfolio, Upload, read_file
from services.submission.documents.applying import ApplicationRefusedError, read_form
from services.submission.documents.refusals import Refusal
from services.submission.domain.cohort.decide import cohort, running
from services.submission.domain.decide import case
from services.submission.domain.enrolling import ApplicationUnknownError
from services.submission.domain.events import FormFile
from services.submission.domain.person.commands import TakePlace
from services.submission.domain.person.decide import person
from services.submission.domain.states import Applied
from services.submission.handlers.cases import running_cohort
from services.submission.handlers.details import Asker
from services.submission.handlers.form_answers import (
    Applying,
    adjustment_steps,
    application_of,
    apply_command,
)
from services.submission.handlers.handing_in import refuse_before_storing
from services.submission.handlers.naming import case_id_of, organisation_id_of
from services.submission.handlers.owning import Who, own_state
from services.submission.handlers.people import Entry, Found, People
from services.submission.handlers.reading import Words
from shared.contracts.portfolio import EvidenceFile
from shared.contracts.programme import FormField, Programme
from shared.crypto import Vault
from shared.errors import ForbiddenError, NotFoundError
from shared.evidence import BlobStore, ServedFile
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.london import london_day
from shared.personal import Erased
from shared.programmes import programme_of

FORM_NAME = "office.form_name"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class FormMissingError(NotFoundError):
    """This application came without a form in Word: read its answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Takes application forms in, and serves them again."""

    handling: Handling
    people: People
    readers: DocumentReaders
    blobs: BlobStore
    vault: Vault
    words: Words

    async def apply(
        self,
        upload: Upload,
        cohort_id: str,
        asker: Asker,
        *,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Take a form in; the answer tells the case it may become, and whose it is.

        Raises:
            UnknownCohortError: open it first.
            NoApplicationError, NoFormError: the programme asks for no such form.
            ApplicationRefusedError: names each field, what is wrong and what to do.
            ApplicationClosedError, AlreadyEnrolledError, AdjustmentTooLateError.
            ForbiddenError: a participant applies for somebody else.
        """
        if cause.request and await self.handling.log.answer(cause.request.key):
            return await self.handling(cause)  # says what it said then, reading nothing
        programme = await self._programme_of(cohort_id)
        read = await read_file(upload, programme=programme, pool=self.readers)
        _refuse_others(read)
        fields = application_of(programme).fields
        (section,) = read.sections
        answers = read_form(section.blocks, fields, today=london_day(at))
        asked = Applying(
            cohort_id=cohort_id,
            read=read,
            answers=answers,
            upload=upload,
            asker=asker,
            at=at,
        )
        ids: Ids = {}

        async def build(loader: Loader) -> Sequence[Step]:
            nonlocal ids
            ids, steps = await self._plan(loader, asked, fields)
            return steps

        return await self.handling.plan(cause.answer(201, lambda _: ids), build)

    async def served(self, case_id: str, *, who: Who, reason: str | None) -> ServedFile:
        """Return the form of an application, as it was sent.

        Raises:
            NotEnrolledError: there is no such case, or not for *who*.
            ApplicationUnknownError: nobody has applied under this id.
            FormMissingError: it came as answers alone, or the person was erased.
            ReasonMissingError: staff read without saying why.
        """
        _, found = await self.handling.fold(case, f"case-{case_id}")
        state = own_state(found, who)
        if not isinstance(state, Applied):
            raise ApplicationUnknownError(case_id=case_id)
        form = state.application.form
        if form is None:
            raise FormMissingError(case_id=case_id)
        (name,) = await self.words.read(
            case_id, (form.name,), field=FORM_NAME, who=who, reason=reason
        )
        if name is None:
            raise FormMissingError(case_id=case_id)
        file = EvidenceFile(
            id=case_id,
            name=name,
            media_type=form.media_type,
            size_bytes=form.size_bytes,
            content_hash=form.content_hash,
            path=form.path,
        )
        content = await self.blobs.stream(form.path, content_hash=form.content_hash)
        if isinstance(content, Erased):
            raise FormMissingError(case_id=case_id)
        return ServedFile(file, content)

    async def _programme_of(self, cohort_id: str) -> Programme:
        _, state = await self.handling.fold(cohort, f"cohort-{cohort_id}")
        return programme_of(running(state).opening)

    async def _plan(
        self, loader: Loader, asked: Applying, fields: Sequence[FormField]
    ) -> tuple[Ids, tuple[Step, ...]]:
        found = await running_cohort(loader, asked.cohort_id)
        who = await self._found(loader, asked)
        whose, case_id = who.person_id, case_id_of(asked.cohort_id, who.person_id)
        stream = f"case-{case_id}"
        entering = await self.people.steps(who, _entry(who, asked.answers), asked.at)
        path = asked.upload.contents / asked.read.evidence[0].id
        data = await asyncio.to_thread(path.read_bytes)
        blob = await self.blobs.measure(whose, data)
        source = asked.read.evidence[0]
        form = FormFile(
            name=await self.vault.seal(whose, source.name, field=FORM_NAME),
            media_type=source.media_type,
            size_bytes=len(data),
            content_hash=blob.content_hash,
            path=blob.path,
        )
        applying = await apply_command(self.vault, found, whose, asked, fields, form)
        steps = (
            *entering,
            Step(case, stream, applying),
            *await adjustment_steps(self.vault, found, whose, asked),
            Step(
                person,
                f"person-{whose}",
                TakePlace(person_id=whose, case_id=case_id, at=asked.at),
            ),
        )
        state = await loader.state(case, stream)
        await refuse_before_storing(loader, steps)
        if case.decide(applying, state):
            await self.blobs.put(whose, data)
        ids: Ids = {
            "case_id": case_id,
            "person_id": whose,
            "cohort_id": asked.cohort_id,
        }
        return ids, steps

    async def _found(self, loader: Loader, asked: Applying) -> Found:
        """Return whom the form is about; a participant sends their own."""
        found = await self.people.find(loader, asked.answers["email"])
        if asked.asker.is_participant and found.person_id != asked.asker.person_id:
            raise ForbiddenError(
                "The form names another address than yours: apply for yourself."
            )
        return found


def _refuse_others(read: Portfolio) -> None:
    """Accept a document of Word; a scan or a PDF has no fields to read."""
    source = read.evidence[0]
    if source.media_type != _WORD:
        refusal = Refusal(
            file=source.name,
            reason="This is no Word document.",
            remedy="Fill in the form in Word, save it as .docx, and send that.",
        )
        raise ApplicationRefusedError((refusal,))


def _entry(found: Found, answers: Mapping[str, str]) -> Entry:
    """Return what enters the applicant in the directory, or leaves them as they are."""
    employer = found.known.organisation_id if found.known else None
    return Entry(
        name=answers["name"],
        email=answers["email"],
        organisation_id=employer or organisation_id_of(answers["organisation"]),
        roles=("participant",),
    )
