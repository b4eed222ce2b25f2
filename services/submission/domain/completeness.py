"""Whether a portfolio has everything its template requires."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from services.submission.domain.events import SelfRatingRecorded
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
        PortfolioIncompleteError: names by its title whatever is missing or empty:
            sections, statements, feedback with how much of it, ratings left out.
    """
    found = lacking(template, sections)
    if found:
        message = f"The portfolio is incomplete: fill in {', '.join(found.values())}."
        raise PortfolioIncompleteError(
            message, template=template.code, missing=list(found)
        )


def lacking(template: Template, sections: Mapping[str, Content]) -> dict[str, str]:
    """Return what is missing, in words, by the key of its section; empty if nothing."""
    return {
        section.key: said
        for section in template.sections
        if section.required and (said := ", ".join(_lacks(section, sections)))
    }


def _lacks(section: SectionTemplate, sections: Mapping[str, Content]) -> Iterator[str]:
    """Return what is missing of a section, in words; one with parts needs enough each.

    Source: S0 (one colleague, one manager, three learners; twenty standards rated).
    """
    title = f"“{section.title}”"
    if section.parts:
        yield from _lacking_parts(section, sections)
        return
    content = sections.get(section.key)
    if not _filled(content):
        yield title
    elif isinstance(content, SelfRatingRecorded):
        left = content.standards - len(content.ratings)
        if left > 0:
            yield f"{title} ({left} of {content.standards} standards are not rated)"


def _lacking_parts(
    section: SectionTemplate, sections: Mapping[str, Content]
) -> Iterator[str]:
    filled = [
        section.part_of(key) for key, content in sections.items() if _filled(content)
    ]
    for part in section.parts:
        found = filled.count(part)
        if found < part.minimum:
            whose = part.title.lower()
            yield f"“{section.title}” from {whose} ({found} of {part.minimum})"


def _filled(content: Content | None) -> bool:
    return content is not None and (content.words > 0 or content.pictures > 0)
