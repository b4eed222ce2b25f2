"""Which section a heading or a file means, however people write its name."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import PurePosixPath

from shared.contracts.programme import Part, SectionTemplate, Template

_PREFIX = re.compile(
    r"^((section|part|phase|chapter|step|task)\s+)?(\d{1,2}|[ivx]{1,4}|[a-h])\s+(?=\w)"
)
_EVIDENCE_FOLDERS = frozenset(
    {"evidence", "appendix", "appendices", "attachments", "supporting evidence"}
)


@lru_cache(maxsize=4_096)
def spoken(text: str) -> str:
    """Return *text* as it is said: no case, accents, apostrophes or punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(each for each in letters if not unicodedata.combining(each))
    letters = letters.replace("&", " and ").replace("'", "").replace("\u2019", "")
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


def section_for_heading(heading: str, template: Template) -> SectionTemplate | None:
    """Return the section that *heading* begins, or None.

    A number before the name, as in ``Section 3: ...`` or ``c) ...``, does not matter.
    """
    whole = spoken(heading)
    said = {whole, _PREFIX.sub("", whole)}
    for section in template.sections:
        if said & {spoken(name) for name in section.names}:
            return section
    return None


def section_for_file(name: str, template: Template) -> SectionTemplate | None:
    """Return the section a file is named after, or None.

    In the portfolio's own folder a name may have more words, such as a person's name
    or a version; the longest name of a section in it counts. In a folder below, the
    name must be exactly that of a section.
    """
    path = PurePosixPath(name)
    stem = spoken(path.stem)
    if len(path.parts) > 1:
        exact = {stem, _PREFIX.sub("", stem)}
        return _longest(template, lambda said: said in exact)
    return _longest(template, lambda said: f" {said} " in f" {stem} ")


def section_for_folder(name: str, template: Template) -> SectionTemplate | None:
    """Return the section whose parts are kept in the folder of *name*, or None."""
    folders = PurePosixPath(name).parts[:-1]
    if not folders:
        return None
    section = section_for_heading(folders[0], template)
    return section if section is not None and section.parts else None


def part_for_file(name: str, section: SectionTemplate) -> Part | None:
    """Return whose contribution a file is: ``learner-2``, ``Line manager``."""
    words = re.sub(r"\d+", " ", spoken(PurePosixPath(name).stem)).split()
    stem = f" {' '.join(words)} "
    found = [
        (len(said), part)
        for part in section.parts
        for said in _part_names(part)
        if f" {said} " in stem
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def is_evidence_folder(name: str) -> bool:
    """Tell whether a file lies in a folder that is plainly for evidence."""
    folders = PurePosixPath(name).parts[:-1]
    return bool(folders) and spoken(folders[0]) in _EVIDENCE_FOLDERS


def _part_names(part: Part) -> tuple[str, ...]:
    said = [spoken(each) for each in (part.title, part.key, *part.aliases)]
    return (*said, *(f"{each}s" for each in said))


def _longest(template: Template, fits: Callable[[str], bool]) -> SectionTemplate | None:
    found = [
        (len(said), section)
        for section in template.sections
        for said in _file_names(section)
        if fits(said)
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def _file_names(section: SectionTemplate) -> tuple[str, ...]:
    """Return the names of a section; of one with parts, together with theirs."""
    said = tuple(spoken(name) for name in section.names)
    if not section.parts:
        return said
    return tuple(
        f"{name} {part}"
        for name in said
        for each in section.parts
        for part in _part_names(each)
    )
