"""What every reader of a part shares: its links, styles, lists, notes and pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from services.submission.documents.contents.content import Picture
from services.submission.documents.contents.word.numbering import Numbering
from services.submission.documents.contents.word.package import Package, Relation
from services.submission.documents.contents.word.styles import Styles
from services.submission.documents.contents.word.xml import Element
from shared.contracts.portfolio import Block

BlockReader: TypeAlias = "Callable[[Element, Story], tuple[Block, ...]]"


@dataclass(frozen=True, slots=True)
class Note:
    """A foot- or endnote and the part it stands in."""

    content: Element
    part: str


@dataclass(frozen=True, slots=True)
class Story:
    """One part of a document while it is read, such as its text or a footnote."""

    package: Package
    part: str
    relations: Mapping[str, Relation]
    styles: Styles
    numbering: Numbering
    read_blocks: BlockReader
    """Reads what stands in a cell, a text box or a note."""
    notes: Mapping[tuple[str, str], Note] = field(default_factory=dict)
    """Foot- and endnotes by kind and id."""
    cited: list[tuple[str, str]] = field(default_factory=list)
    """Notes in the order in which the text refers to them."""
    pictures: dict[str, Picture] = field(default_factory=dict)
    """Pictures met so far, by id."""

    def of_part(self, part: str) -> "Story":
        """Return the same story continued in another part of the document."""
        return replace(self, part=part, relations=self.package.relations(part))

    def related(self, kind: str) -> tuple[str, ...]:
        """Return the names of the parts linked as *kind*, for example ``styles``."""
        return tuple(
            each.target
            for each in self.relations.values()
            if each.type.endswith(f"/{kind}")
            and not each.is_external
            and each.target in self.package
        )
