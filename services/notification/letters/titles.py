"""What sections, standards and levels are called in the programme of a letter."""

from collections.abc import Iterable

from shared.contracts.programme import Programme, Template


class Titles:
    """The names that a participant knows.

    Two shapes of portfolio may use one key with different titles. *template* says which
    one it is; without it, the shape that has all the sections *mentioned* is taken.
    """

    def __init__(
        self, programme: Programme, template: str | None, mentioned: Iterable[str]
    ) -> None:
        self._programme = programme
        self._templates = _likeliest(programme, template, tuple(mentioned))

    def section(self, key: str) -> str:
        """Return the title of a section; an unknown key becomes words."""
        for template in self._templates:
            title = _section_title(template, key)
            if title is not None:
                return title
        return key.replace("-", " ").replace("_", " ").strip().capitalize()

    def standard(self, code: str) -> str:
        """Return number and title of a professional standard."""
        for standard in self._programme.every_standard():
            if str(standard.number) == code.strip():
                return f"Standard {standard.number}, {standard.title}"
        return f"Standard {code.strip()}"

    def level(self, level: int) -> str:
        """Return the name of a level and its place on the scale."""
        scale = self._programme.scale
        title = next(each.title for each in scale if each.level == level)
        return f"{title} (level {level} of {len(scale)})"


def _likeliest(
    programme: Programme, code: str | None, mentioned: tuple[str, ...]
) -> list[Template]:
    def missing(template: Template) -> tuple[bool, int]:
        unknown = sum(_section_title(template, key) is None for key in mentioned)
        return template.code != code, unknown

    return sorted(programme.templates, key=missing)


def _section_title(template: Template, key: str) -> str | None:
    section = template.section(key)
    if section is not None:
        return section.title
    for each in template.sections:
        part = each.part_of(key)
        if part is not None:
            number = key.removeprefix(f"{each.key}-{part.key}").removeprefix("-")
            return f"{each.title}: {part.title.lower()} {number}".strip()
    return None
