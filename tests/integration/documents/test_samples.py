"""The samples: readable, plausible, complete, and the same bytes every time."""

import io
from pathlib import Path
from typing import Literal
from zipfile import ZipFile

import pytest

from services.submission.documents import missing_fields, word_count
from services.submission.documents.portfolio import Portfolio
from services.submission.documents.samples import (
    SOURCES,
    generate_portfolio,
    render_samples,
)
from shared.contracts.portfolio import Image, Paragraph, PdfPage, Table, section_text
from tests.unit.submission.documents.building import ATS, read

SHAPES: tuple[Literal["workbook", "phases"], ...] = ("workbook", "phases")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the written samples by name."""
    output = tmp_path_factory.mktemp("samples")
    return {path.stem: path for path in render_samples(output)}


def imported(path: Path) -> Portfolio:
    """Return the portfolio in the file at *path*."""
    return read(path.read_bytes(), name=path.name)


def whole_text(portfolio: Portfolio) -> str:
    """Return all that can be read in *portfolio*."""
    return "\n".join(section_text(section) for section in portfolio.sections)


class TestWrittenSamples:
    @pytest.mark.parametrize("code", SHAPES)
    def test_import_with_everything_a_submission_needs(
        self, rendered: dict[str, Path], code: str
    ) -> None:
        found = imported(rendered[f"ats-{code}"])
        assert found.template == code
        assert missing_fields(found) == ()
        assert found.mentor.email
        assert found.role_context

    @pytest.mark.parametrize("code", SHAPES)
    def test_have_two_thousand_words_a_table_a_picture_and_a_quote(
        self, rendered: dict[str, Path], code: str
    ) -> None:
        found = imported(rendered[f"ats-{code}"])
        blocks = [block for section in found.sections for block in section.blocks]
        assert sum(map(word_count, found.sections)) > 2000
        assert any(isinstance(block, Table) for block in blocks)
        assert any(isinstance(block, Image) and block.description for block in blocks)
        assert any(
            isinstance(block, Paragraph) and block.style == "quote" for block in blocks
        )

    def test_rate_all_twenty_standards(self, rendered: dict[str, Path]) -> None:
        found = imported(rendered["ats-phases"])
        (ratings,) = [
            block
            for section in found.sections
            if section.key == "self-assessment"
            for block in section.blocks
            if isinstance(block, Table)
        ]
        titles = [standard.title for standard in ATS.every_standard()]
        assert [row[1] for row in ratings.rows[1:]] == titles
        assert all(row[2] in "12345" and row[3] for row in ratings.rows[1:])

    def test_have_statements_as_pdf(self, rendered: dict[str, Path]) -> None:
        found = imported(rendered["ats-phases"])
        statements = [
            section
            for section in found.sections
            if section.key.endswith("statement") or section.key == "observation"
        ]
        assert len(statements) == 3
        assert all(isinstance(each.blocks[0], PdfPage) for each in statements)

    def test_are_the_same_bytes_every_time(
        self, rendered: dict[str, Path], tmp_path: Path
    ) -> None:
        again = {path.stem: path for path in render_samples(tmp_path)}
        assert {name: path.read_bytes() for name, path in again.items()} == {
            name: path.read_bytes() for name, path in rendered.items()
        }

    def test_are_kept_as_text_only(self) -> None:
        endings = {path.suffix for path in SOURCES.rglob("*") if path.is_file()}
        assert endings == {".md", ".yaml"}


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
