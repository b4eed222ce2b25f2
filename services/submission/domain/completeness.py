"""Whether a portfolio has everything its template requires."""

from collections.abc import Mapping
from typing import Protocol

from shared.contracts.programme import SectionTemplate, Template
from shared.errors import RuleViolatedError


class PortfolioIncompleteError(RuleViolatedError):
    """Required sections are missing or empty."""


class Content(Protocol):
    """How much there is in a section."""

    @property
    def words(self) -> int: ...

    @property
    def pictures(self) -> int: ...


def refuse_incomplete(template: Template, sections: Mapping[str, Content]) -> None:
    """Accept *sections* that hold everything *template* requires.

    A section is empty without a word and without a picture.
    Source: domain.md section 2 ("portfolio template(s)").

    Raises:
        PortfolioIncompleteError: names the missing and the empty sections by title.
    """
    lacking = [
        section
        for section in template.sections
        if section.required and not _complete(section, sections)
    ]
    if lacking:
        titles = ", ".join(f"“{section.title}”" for section in lacking)
        message = f"The portfolio is incomplete: fill in {titles}."
        raise PortfolioIncompleteError(
            message,
            template=template.code,
            missing=[section.key for section in lacking],
        )


def _complete(section: SectionTemplate, sections: Mapping[str, Content]) -> bool:
    """Tell whether a section is filled; one with parts needs enough of each.

    Source: S0 (one colleague, one manager, three learners).
    """
    if not section.parts:
        return _filled(sections.get(section.key))
    filled = [
        section.part_of(key) for key, content in sections.items() if _filled(content)
    ]
    return all(filled.count(part) >= part.minimum for part in section.parts)


def _filled(content: Content | None) -> bool:
    return content is not None and (content.words > 0 or content.pictures > 0)
