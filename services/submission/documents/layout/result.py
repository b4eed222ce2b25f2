"""What a layout yields: sections in order, and what they say of people and place."""

from dataclasses import dataclass, field

from services.submission.documents.contents import Content
from services.submission.documents.layout.details import Details
from shared.contracts.portfolio import Paragraph, Section


@dataclass(frozen=True, slots=True)
class Assembled:
    """The sections of a portfolio, and the details found in them."""

    sections: tuple[Section, ...]
    details: Details = field(default_factory=Details)


def margin_blocks(content: Content) -> tuple[Paragraph, ...]:
    """Return page headers and footers as notes."""
    return tuple(Paragraph(text=text, style="note") for text in content.margins)
