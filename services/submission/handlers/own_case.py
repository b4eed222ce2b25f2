"""A participant's own case: their portfolio in the making, by the rules it is under."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.submission.domain.decide import case
from services.submission.domain.states import Case, Open, SectionContent
from services.submission.domain.submitting import NotEnrolledError, enrolled
from shared.contracts.programme import (
    Programme,
    SectionKind,
    SectionTemplate,
    Template,
)
from shared.errors import NotFoundError, RuleViolatedError
from shared.handling import Handling, Loader
from shared.programmes import programme_of


class NoTemplateError(RuleViolatedError):
    """Say first which kind of portfolio it is to be: choose a template."""


class UnknownTemplateError(NotFoundError):
    """The programme has no such template."""


class UnknownSectionError(NotFoundError):
    """The template has no such section."""


class WrittenByOthersError(RuleViolatedError):
    """Others write this section: ask them for it, and they get a link."""


class RatedSectionError(RuleViolatedError):
    """This section is not rated: it is written, or handed in as a file."""


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case of whoever asks."""

    state: Case
    portfolio: Open
    programme: Programme

    @property
    def case_id(self) -> str:
        """Id of the case."""
        return self.portfolio.enrolment.case_id

    @property
    def whose(self) -> str:
        """Id of the participant."""
        return self.portfolio.enrolment.person_id

    def with_sections(self, sections: Mapping[str, SectionContent]) -> "OwnCase":
        """Return the case as it would be with these sections."""
        return replace(self, portfolio=replace(self.portfolio, sections=sections))

    @property
    def chosen(self) -> Template | None:
        """The template that was chosen, or the only one; None until it is chosen."""
        window = self.portfolio.resubmission
        before = window.earlier.submission.template if window else None
        code = self.portfolio.template or before
        if code is not None:
            return self.programme.template(code)
        templates = self.programme.templates
        return templates[0] if len(templates) == 1 else None

    @property
    def template(self) -> Template:
        """The shape of the portfolio.

        Raises:
            NoTemplateError: it is not chosen yet; names those there are.
        """
        if self.chosen is None:
            codes = [each.code for each in self.programme.templates]
            raise NoTemplateError(templates=codes)
        return self.chosen

    def section(self, key: str) -> SectionTemplate:
        """Return a section of the template.

        Raises:
            NoTemplateError: the template is not chosen yet.
            UnknownSectionError: it has no such section; names those it has.
        """
        found = self.template.section(key)
        if found is None:
            keys = [each.key for each in self.template.sections]
            raise UnknownSectionError(section=key, sections=keys)
        return found

    def own_section(self, key: str) -> SectionTemplate:
        """Return a section that the participant fills.

        Raises:
            WrittenByOthersError: others give their words to it by a link. Source: S0.
        """
        section = self.section(key)
        if is_by_others(section):
            raise WrittenByOthersError(section=key)
        return section

    def rated_section(self, key: str) -> SectionTemplate:
        """Return a section in which the participant rates themself.

        Raises:
            RatedSectionError: it has no ratings.
        """
        section = self.section(key)
        if section.kind is not SectionKind.SELF_ASSESSMENT:
            raise RatedSectionError(section=key)
        return section


def is_by_others(section: SectionTemplate) -> bool:
    """Tell whether others are asked for a section; a report of theirs is uploaded.

    Source: S0 (360-degree feedback; statements of mentor and manager).
    """
    author = section.written_by
    return bool(section.parts) or (
        author is not None and author.by in {"mentor", "manager"}
    )


async def load_own(loader: Loader, case_id: str, who: str) -> OwnCase:
    """Return the case of *who*; the decision now depends on it.

    Raises:
        NotEnrolledError: there is none, or it is somebody else's.
    """
    return _own(await loader.state(case, f"case-{case_id}"), who)


async def read_own(handling: Handling, case_id: str, who: str) -> OwnCase:
    """Return the case of *who*, to be read. Raises as `load_own`."""
    _, state = await handling.fold(case, f"case-{case_id}")
    return _own(state, who)


def _own(state: Case, who: str) -> OwnCase:
    """Return it; the refusal does not tell whether somebody else has such a case."""
    portfolio = enrolled(state)
    if portfolio.enrolment.person_id != who:
        raise NotEnrolledError
    return OwnCase(state, portfolio, programme_of(portfolio.enrolment))
