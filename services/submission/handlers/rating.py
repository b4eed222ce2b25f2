"""A self-assessment as its section shows it: a table of ratings, then the boxes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.submission.handlers.paragraphs import paragraphs_of
from shared.contracts.portfolio import Block, Heading, Section, Table
from shared.contracts.programme import SectionTemplate, Standard
from shared.errors import RuleViolatedError

HEAD = ("Number", "Standard", "Rating", "Comment")


class UnknownBoxError(RuleViolatedError):
    """The section has no such box to write into."""


@dataclass(frozen=True, slots=True)
class OwnRating:
    """How the participant rates themself against one standard."""

    rating: str
    """Key of one of the ratings of the section."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Ratings:
    """A self-assessment, or as much of it as there is so far."""

    standards: Mapping[str, OwnRating]
    """By number of the standard."""
    boxes: Mapping[str, str] = field(default_factory=dict)
    """Such as strengths, targets and actions, by key. Source: S4."""


def section_of(
    template: SectionTemplate, standards: Sequence[Standard], ratings: Ratings
) -> Section:
    """Return the section; a standard without a rating has a row all the same.

    Raises:
        UnknownBoxError: names the boxes there are.
    """
    known = [each.key for each in template.boxes]
    if strange := sorted(set(ratings.boxes) - set(known)):
        raise UnknownBoxError(boxes=strange, known=known)
    titles = {each.key: each.title for each in template.ratings}
    rows = tuple(_row(each, titles, ratings.standards) for each in standards)
    table = Table(rows=(HEAD, *rows), header_rows=1)
    blocks = (table, *_boxes(template, ratings.boxes))
    return Section(key=template.key, title=template.title, blocks=blocks)


def _row(
    standard: Standard, titles: Mapping[str, str], given: Mapping[str, OwnRating]
) -> tuple[str, ...]:
    own = given.get(str(standard.number))
    number = str(standard.number)
    if own is None:
        return (number, standard.title, "", "")
    title = titles.get(own.rating, own.rating)
    return (number, standard.title, f"{own.rating} - {title}", own.comment.strip())


def _boxes(template: SectionTemplate, given: Mapping[str, str]) -> Iterator[Block]:
    for box in template.boxes:
        words = paragraphs_of(given.get(box.key, ""))
        if words:
            yield Heading(level=1, text=box.title)
            yield from words
