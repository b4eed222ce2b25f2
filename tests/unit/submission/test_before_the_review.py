"""Before its review nobody, and nothing, says how good a portfolio is."""

from dataclasses import dataclass

import pytest

from services.submission.domain.completeness import lacking
from shared.contracts.programme import Template
from shared.programmes import programmes

TEMPLATES = [each for programme in programmes() for each in programme.templates]


@dataclass(frozen=True, slots=True)
class Amount:
    words: int
    pictures: int = 0


def filled(template: Template, words: int) -> dict[str, Amount]:
    """Return as many words in everything the template asks for."""
    keys = [each.key for each in template.sections if not each.parts]
    for section in template.sections:
        for part in section.parts:
            keys += [section.part_key(part, n + 1) for n in range(part.minimum)]
    return {key: Amount(words) for key in keys}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.title)
class TestCheckOfAPortfolio:
    """Source: S2 2.3, S2 6.1.5: no formative assessment before the review."""

    def test_is_content_with_one_word_as_with_thousands(
        self, template: Template
    ) -> None:
        assert lacking(template, filled(template, 1)) == {}
        assert lacking(template, filled(template, 5_000)) == {}

    def test_names_what_is_missing_whatever_the_rest_is_like(
        self, template: Template
    ) -> None:
        for section in template.sections:
            little, much = (filled(template, words) for words in (1, 5_000))
            little.pop(section.key, None)
            much.pop(section.key, None)
            told = lacking(template, little)
            assert told == lacking(template, much)
            assert bool(told) == (section.required and not section.parts)
