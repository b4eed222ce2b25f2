"""Generated portfolios: any number, plausible, each its own, the same for a seed."""

import io
from typing import Literal
from zipfile import ZipFile

import pytest

from services.submission.documents import missing_fields, word_count
from services.submission.documents.portfolio import Portfolio
from services.submission.documents.samples import generate_portfolio
from shared.contracts.portfolio import section_text
from tests.unit.submission.documents.building import read

SHAPES: tuple[Literal["workbook", "phases"], ...] = ("workbook", "phases")


def whole_text(portfolio: Portfolio) -> str:
    """Return all that can be read in *portfolio*."""
    return "\n".join(section_text(section) for section in portfolio.sections)


class TestGeneratedPortfolios:
    @pytest.mark.parametrize("shape", SHAPES)
    def test_import_with_everything_a_submission_needs(
        self, shape: Literal["workbook", "phases"]
    ) -> None:
        for seed in range(3):
            name, data = generate_portfolio(seed, template=shape)
            found = read(data, name=name)
            assert found.template == shape
            assert missing_fields(found) == ()
            assert sum(map(word_count, found.sections)) > 800

    @pytest.mark.parametrize("shape", SHAPES)
    def test_are_the_same_for_the_same_seed(
        self, shape: Literal["workbook", "phases"]
    ) -> None:
        assert generate_portfolio(7, template=shape) == generate_portfolio(
            7, template=shape
        )

    def test_differ_from_seed_to_seed(self) -> None:
        texts = set()
        for seed in range(12):
            name, data = generate_portfolio(seed)
            texts.add(whole_text(read(data, name=name)))
        assert len(texts) == 12

    def test_have_no_gap_left_to_fill(self) -> None:
        for seed in range(8):
            name, data = generate_portfolio(seed, template=SHAPES[seed % 2])
            text = whole_text(read(data, name=name))
            assert "{" not in text
            assert "}" not in text

    def test_carry_the_name_that_is_given(self) -> None:
        name, data = generate_portfolio(3, template="phases", name="Zoë Ainsworth")
        found = read(data, name=name)
        assert found.participant.name == "Zoë Ainsworth"
        assert "Zoë" in whole_text(found)

    def test_hold_nothing_of_the_machine_they_were_made_on(self) -> None:
        _, data = generate_portfolio(3, template="phases")
        with ZipFile(io.BytesIO(data)) as archive:
            assert {info.date_time[0] for info in archive.infolist()} == {1980}
