"""Building a portfolio: what the participant saves, attaches, rates and hands in.

Invariant: content is durable before a fact refers to it, and what a decider refuses is
refused before anything is stored.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.submission.documents import (
    DocumentReaders,
    Portfolio,
    Upload,
    read_file,
)
from services.submission.domain.commands import (
    CaseCommand,
    ChooseTemplate,
    RecordSelfRating,
    RemoveEvidence,
    SaveSection,
    Submit,
)
from services.submission.domain.content import words_of_file
from services.submission.domain.decide import case
from services.submission.domain.events import EvidenceUse, RoleContext
from services.submission.handlers.attaching import attachments
from services.submission.handlers.cases import registered, running_cohort
from services.submission.handlers.handing_in import refuse_before_storing
from services.submission.handlers.keeping import (
    KeptSection,
    Put,
    keep_files,
    keep_section,
    renamed,
)
from services.submission.handlers.own_case import (
    OwnCase,
    UnknownTemplateError,
    load_own,
    read_own,
)
from services.submission.handlers.rating import Ratings, section_of
from services.submission.handlers.snapshots import Assembling
from shared.contracts.portfolio import EvidenceFile, Section
from shared.crypto import Vault
from shared.evidence import BlobStore
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks for a change of which case, when, and the cause of its facts."""

    case_id: str
    who: str
    at: datetime
    cause: Cause


_Plan = Callable[[OwnCase, Put], Awaitable[tuple[Ids, Sequence[CaseCommand]]]]
"""What a case is asked for, with everything it refers to put where it is told to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """The participant's side of a portfolio in the making."""

    handling: Handling
    readers: DocumentReaders
    blobs: BlobStore
    vault: Vault

    async def choose(self, asking: Asking, template: str) -> Handled:
        """Build a portfolio of this shape from now on.

        Raises:
            UnknownTemplateError, TemplateInUseError.
        """

        async def plan(own: OwnCase, _: Put) -> tuple[Ids, Sequence[CaseCommand]]:
            if own.programme.template(template) is None:
                codes = [each.code for each in own.programme.templates]
                raise UnknownTemplateError(template=template, templates=codes)
            command = ChooseTemplate(template=template, at=asking.at)
            return {"template": template}, (command,)

        return await self._carry_out(asking, plan)

    async def save(
        self, asking: Asking, key: str, upload: Upload, *, is_typed: bool = False
    ) -> Handled:
        """Put the words, tables and pictures of a file into a section.

        What was typed is no file of the portfolio: only its words are kept.

        Raises:
            UnknownSectionError, WrittenByOthersError: not one to fill like this.
            PortfolioRefusedError: the file cannot be read; says why.
        """
        own = await read_own(self.handling, asking.case_id, asking.who)
        own.own_section(key)
        read = await read_file(upload, programme=own.programme, pool=self.readers)
        if is_typed:
            read = _words_alone(read)

        async def plan(own: OwnCase, put: Put) -> tuple[Ids, Sequence[CaseCommand]]:
            section = own.own_section(key)
            files = await keep_files(put, own.whose, read, upload.contents)
            found = _section(read, files, key, section.title)
            kept = await keep_section(put, own.whose, found)
            ids: Ids = {"section": key, "words": kept.amount.words}
            uses = _uses(read, files, "section")
            before = own.portfolio.evidence
            attached = await attachments(self.vault, before, uses, asking.at)
            return ids, (*attached, _saved(kept, asking.at))

        return await self._carry_out(asking, plan)

    async def rate(self, asking: Asking, key: str, ratings: Ratings) -> Handled:
        """Record how the participant rates themself, all standards or some so far.

        Raises:
            RatedSectionError, UnknownStandardError, UnknownRatingError.
        """

        async def plan(own: OwnCase, put: Put) -> tuple[Ids, Sequence[CaseCommand]]:
            section = own.rated_section(key)
            standards = own.programme.rated_standards(section)
            content = section_of(section, standards, ratings)
            kept = await keep_section(put, own.whose, content)
            command = RecordSelfRating(
                key=key,
                ratings={each: said.rating for each, said in ratings.standards.items()},
                standards=tuple(str(each.number) for each in standards),
                scale=tuple(each.key for each in section.ratings),
                words=kept.amount.words,
                content_hash=kept.blob.content_hash,
                path=kept.blob.path,
                at=asking.at,
            )
            rated = len(ratings.standards)
            return {"section": key, "rated": rated, "of": len(standards)}, (command,)

        return await self._carry_out(asking, plan)

    async def attach(self, asking: Asking, upload: Upload) -> Handled:
        """Put a file into the portfolio, its words beside it so that they can be cited.

        Raises:
            PortfolioRefusedError: the file cannot be taken in; says why.
        """
        own = await read_own(self.handling, asking.case_id, asking.who)
        read = await read_file(upload, programme=own.programme, pool=self.readers)

        async def plan(own: OwnCase, put: Put) -> tuple[Ids, Sequence[CaseCommand]]:
            files = await keep_files(put, own.whose, read, upload.contents)
            (main, *_) = files
            uses = _uses(read, files, "evidence")
            before = own.portfolio.evidence
            attached = await attachments(self.vault, before, uses, asking.at)
            found = _section(read, files, words_of_file(main.id), main.name)
            kept = await keep_section(put, own.whose, found)
            saved = (_saved(kept, asking.at),) if kept.amount.words else ()
            return {"evidence_id": main.id}, (*attached, *saved)

        return await self._carry_out(asking, plan, status=201)

    async def remove(self, asking: Asking, evidence_id: str) -> Handled:
        """Take a file out of the portfolio.

        Raises:
            EvidenceNotAttachedError: it is not in it.
        """

        async def plan(_: OwnCase, __: Put) -> tuple[Ids, Sequence[CaseCommand]]:
            command = RemoveEvidence(evidence_id=evidence_id, at=asking.at)
            return {"evidence_id": evidence_id}, (command,)

        return await self._carry_out(asking, plan)

    async def submit(
        self,
        asking: Asking,
        role_context: RoleContext | None,
        fairness: Mapping[str, str],
    ) -> Handled:
        """Hand in what was built, as it stands.

        Raises:
            NoTemplateError, PortfolioIncompleteError, DeadlinePassedError,
            AlreadySubmittedError, UnknownFairnessError.
        """
        ids: Ids = {}

        async def build(loader: Loader) -> Sequence[Step]:
            nonlocal ids
            own = await load_own(loader, asking.case_id, asking.who)
            enrolment = own.portfolio.enrolment
            found = await running_cohort(loader, enrolment.cohort_id)
            employer = (await registered(loader, own.whose)).organisation_id
            snapshot = await Assembling(self.blobs, self.vault).snapshot(own)

            def submit(blob_sha256: str, path: str) -> tuple[Step, ...]:
                command = Submit(
                    template=own.template,
                    role_context=role_context,
                    fairness=fairness,
                    fairness_asked=own.programme.fairness,
                    snapshot_sha256=blob_sha256,
                    snapshot_path=path,
                    cohort_deadline=found.deadline,
                    organisation_id=employer,
                    at=asking.at,
                )
                return (Step(case, f"case-{own.case_id}", command),)

            blob = await self.blobs.measure(own.whose, snapshot)
            steps = submit(blob.content_hash, blob.path)
            await refuse_before_storing(loader, steps)
            await self.blobs.put(own.whose, snapshot)
            ids = {"case_id": own.case_id, "snapshot_sha256": blob.content_hash}
            return steps

        cause = asking.cause.answer(201, lambda _: ids)
        return await self.handling.plan(cause, build)

    async def _carry_out(
        self, asking: Asking, plan: _Plan, *, status: int = 200
    ) -> Handled:
        """Decide what *plan* asks for; store what it refers to; append."""
        ids: Ids = {}

        async def build(loader: Loader) -> Sequence[Step]:
            nonlocal ids
            own = await load_own(loader, asking.case_id, asking.who)
            stream = f"case-{asking.case_id}"
            _, commands = await plan(own, self.blobs.measure)
            trial = [Step(case, stream, command) for command in commands]
            await refuse_before_storing(loader, trial)
            ids, commands = await plan(own, self.blobs.put)
            return [Step(case, stream, command) for command in commands]

        cause = asking.cause.answer(status, lambda _: ids)
        return await self.handling.plan(cause, build)


def _words_alone(read: Portfolio) -> Portfolio:
    """Return *read* without the file that it was read from."""
    sections = [each.model_copy(update={"source_id": None}) for each in read.sections]
    return read.model_copy(update={"sections": tuple(sections), "evidence": ()})


def _uses(
    read: Portfolio, files: Sequence[EvidenceFile], main: EvidenceUse
) -> list[tuple[EvidenceFile, EvidenceUse]]:
    """Return each file with its use: *main*, or a picture inside what is."""
    return [
        (file, "embedded" if source.use == "embedded" else main)
        for file, source in zip(files, read.evidence, strict=True)
    ]


def _section(
    read: Portfolio, files: Sequence[EvidenceFile], key: str, title: str
) -> Section:
    """Return the one section of *read* under its own key, its files by their ids."""
    (found,) = read.sections
    ids = {
        source.id: kept.id for source, kept in zip(read.evidence, files, strict=True)
    }
    return renamed(found.model_copy(update={"key": key, "title": title}), ids)


def _saved(kept: KeptSection, at: datetime) -> SaveSection:
    return SaveSection(
        key=kept.key,
        words=kept.amount.words,
        pictures=kept.amount.pictures,
        content_hash=kept.blob.content_hash,
        path=kept.blob.path,
        at=at,
    )
