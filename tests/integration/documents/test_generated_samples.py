"""Generated portfolios: any number, plausible, each its own, the same for a seed."""

import io
import re
from functools import cache
from zipfile import ZipFile

import pytest

from services.submission.documents import word_count
from services.submission.documents.portfolio import Portfolio
from services.submission.documents.samples import generate_portfolio
from services.submission.documents.samples.generator import (
    PROGRAMMES,
    Quality,
    Template,
)
from shared.contracts.portfolio import Image, Table, section_text
from shared.programmes import load_programme
from tests.unit.submission.documents.building import read

QUALITIES: tuple[Quality, ...] = ("clear", "borderline", "thin")
TEMPLATES: tuple[Template, ...] = ("workbook", "phases", "formation", "form")
LEAST_WORDS = {"clear": 1000, "borderline": 1000, "thin": 480}
TICK = "\N{CHECK MARK}"

EVERY_TEMPLATE = pytest.mark.parametrize("template", TEMPLATES)
EVERY_QUALITY = pytest.mark.parametrize("quality", QUALITIES)


@cache
def imported(seed: int, template: Template, quality: Quality = "clear") -> Portfolio:
    """Return the portfolio that a seed becomes."""
    name, data = generate_portfolio(seed, template=template, quality=quality)
    return read(data, name=name, programme=load_programme(PROGRAMMES[template]))


def whole_text(portfolio: Portfolio) -> str:
    """Return all that can be read in *portfolio*."""
    return "\n".join(section_text(section) for section in portfolio.sections)


class TestGeneratedPortfolios:
    @EVERY_TEMPLATE
    @EVERY_QUALITY
    def test_import_with_the_words_of_their_quality(
        self, template: Template, quality: Quality
    ) -> None:
        for seed in range(3):
            found = imported(seed, template, quality)
            assert found.template == template
            assert found.participant.email
            assert found.cohort
            assert found.setting
            assert sum(map(word_count, found.sections)) >= LEAST_WORDS[quality]

    @EVERY_TEMPLATE
    def test_are_the_same_for_the_same_seed(self, template: Template) -> None:
        for quality in QUALITIES:
            once = generate_portfolio(7, template=template, quality=quality)
            assert generate_portfolio(7, template=template, quality=quality) == once

    @EVERY_TEMPLATE
    def test_differ_from_seed_to_seed(self, template: Template) -> None:
        texts = [whole_text(imported(seed, template)) for seed in range(12)]
        assert len(set(texts)) == len(texts)
        people = {imported(seed, template).participant.email for seed in range(12)}
        assert len(people) == 12

    @pytest.mark.parametrize("template", ["workbook", "phases", "formation"])
    def test_differ_in_most_of_their_sentences(self, template: Template) -> None:
        texts = [whole_text(imported(seed, template)) for seed in range(8)]
        told = [set(re.split(r"[.?!]\s", text)) for text in texts]
        for index, one in enumerate(told):
            for other in told[index + 1 :]:
                assert len(one & other) < len(one) * 0.6

    @EVERY_TEMPLATE
    def test_have_no_gap_left_to_fill(self, template: Template) -> None:
        for seed in range(6):
            for quality in QUALITIES:
                text = whole_text(imported(seed, template, quality))
                assert "{" not in text
                assert "}" not in text

    @pytest.mark.parametrize("template", ["workbook", "phases", "formation"])
    def test_show_counts_and_a_chart_unless_they_are_thin(
        self, template: Template
    ) -> None:
        for quality in QUALITIES:
            found = imported(4, template, quality)
            blocks = [block for section in found.sections for block in section.blocks]
            has_chart = any(isinstance(block, Image) for block in blocks)
            assert has_chart == (quality != "thin")

    def test_name_a_supporter_for_qtls(self) -> None:
        text = whole_text(imported(5, "formation"))
        assert "supporter" in text
        assert "October 2025" not in text

    @pytest.mark.parametrize("template", ["phases", "formation"])
    def test_answer_what_is_asked_for_fairness(self, template: Template) -> None:
        questions = load_programme(PROGRAMMES[template]).fairness
        for seed in range(8):
            answers = imported(seed, template).fairness
            assert answers.keys() == {each.key for each in questions}
            for each in questions:
                assert answers[each.key] in {value.key for value in each.values}

    def test_carry_the_name_that_is_given(self) -> None:
        name, data = generate_portfolio(3, template="phases", name="Zoë Ainsworth")
        found = read(data, name=name)
        assert found.participant.name == "Zoë Ainsworth"
        assert "Zoë" in whole_text(found)

    def test_have_addresses_that_mail_takes(self) -> None:
        for seed in range(12):
            address = imported(seed, "workbook").participant.email or ""
            assert re.fullmatch(r"[a-z.']+@[a-z]+\.example", address)

    def test_hold_nothing_of_the_machine_they_were_made_on(self) -> None:
        _, data = generate_portfolio(3, template="phases")
        with ZipFile(io.BytesIO(data)) as archive:
            assert {info.date_time[0] for info in archive.infolist()} == {1980}


class TestGeneratedForms:
    @EVERY_QUALITY
    def test_rate_all_statements_once(self, quality: Quality) -> None:
        found = imported(2, "form", quality)
        programme = load_programme(PROGRAMMES["form"])
        ratings = [row for row in rows_of(found) if row[0][:1].isdigit()]
        rated = [row for row in ratings if len(row) == 4]
        assert len(rated) == len(programme.every_standard())
        assert all(row[1:].count(TICK) == 1 for row in rated)

    def test_leave_criteria_open_when_the_evidence_is_thin(self) -> None:
        achieved = {}
        for quality in QUALITIES:
            rows = [
                row for row in rows_of(imported(2, "form", quality)) if len(row) == 3
            ]
            achieved[quality] = sum(row[2] == TICK for row in rows)
        assert achieved == {"clear": 12, "borderline": 10, "thin": 6}

    def test_answer_all_thirteen_questions(self) -> None:
        (section,) = (
            each
            for each in imported(2, "form").sections
            if each.key == "reflection-questions"
        )
        text = section_text(section)
        assert all(f"{number}. " in text for number in range(1, 14))


def rows_of(portfolio: Portfolio) -> list[tuple[str, ...]]:
    """Return the rows of every table in *portfolio*."""
    return [
        row
        for section in portfolio.sections
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]
