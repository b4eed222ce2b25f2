"""The written samples: readable, plausible, complete, and the same bytes every time."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from services.submission.documents import missing_fields, pack, word_count
from services.submission.documents.contents.markdown import read_markdown
from services.submission.documents.layout.naming import section_for_heading
from services.submission.documents.portfolio import Portfolio
from services.submission.documents.samples import (
    SOURCES,
    Sample,
    read_samples,
    render_samples,
)
from services.submission.documents.samples.word.marks import accepted
from shared.contracts.portfolio import (
    Block,
    Heading,
    Image,
    Paragraph,
    PdfPage,
    Table,
    block_text,
    section_text,
)
from shared.contracts.programme import Programme
from shared.programmes import load_programme
from tests.unit.submission.documents.building import read

PICTURE = re.compile(r"^!\[([^\]]*)\]\([^)]+\)$", re.MULTILINE)
"""A picture in a source: only its description can be read."""

SAMPLES = read_samples()
EVERY = pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.name)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the written samples by name."""
    output = tmp_path_factory.mktemp("samples")
    return {path.stem: path for path in render_samples(output)}


def uploaded(path: Path) -> bytes:
    """Return what is sent of the sample at *path*."""
    return pack(path) if path.is_dir() else path.read_bytes()


def imported(sample: Sample, rendered: dict[str, Path]) -> Portfolio:
    """Return the portfolio that *sample* becomes."""
    path = rendered[sample.name]
    return _imported(path, sample.recipe.programme)


@cache
def _imported(path: Path, code: str) -> Portfolio:
    name = path.name if path.suffix else f"{path.name}.zip"
    return read(uploaded(path), name=name, programme=programme(code))


@cache
def programme(code: str) -> Programme:
    """Return the programme called *code*."""
    return load_programme(code)


def every_block(portfolio: Portfolio) -> Iterator[Block]:
    """Yield the blocks of all sections, those inside of cells included."""
    for section in portfolio.sections:
        for block in section.blocks:
            yield block
            if isinstance(block, Table):
                yield from (each for cell in block.cells for each in cell.blocks)


def whole_text(portfolio: Portfolio) -> str:
    """Return all that can be read in *portfolio*, ligatures and spaces made plain."""
    return plain(" ".join(block_text(each) for each in every_block(portfolio)))


def plain(text: str) -> str:
    """Return *text* with its changes accepted, and every space alike."""
    return " ".join(unicodedata.normalize("NFKC", accepted(text)).split())


def source_blocks(sample: Sample, ending: str) -> Iterator[Block]:
    """Yield the blocks of every source of *sample* whose name ends in *ending*."""
    for path in sorted(sample.folder.rglob(f"*{ending}")):
        source = path.read_text().replace(" {title}", "", 1)
        source = PICTURE.sub(r"\1", source)
        yield from read_markdown(source.encode()).blocks


def is_section(block: Block, found: Portfolio) -> bool:
    """Tell whether *block* begins a section, and is shown by the section's title."""
    template = programme(found.programme).template(found.template)
    assert template is not None
    is_heading = isinstance(block, Heading) and block.level == 1
    return is_heading and section_for_heading(block_text(block), template) is not None


def shows(table: Table, source: Table) -> bool:
    """Tell whether *table* has every row of *source*; a cell may hold a table more."""
    rows = [row for row in source.rows if any(row)]
    return all(any(_same(row, each) for each in table.rows) for row in rows)


def _same(source: tuple[str, ...], row: tuple[str, ...]) -> bool:
    return len(source) == len(row) and all(
        plain(cell).startswith(plain(words.split("[[")[0]))
        and ("[[" in words or plain(cell) == plain(words))
        for words, cell in zip(source, row, strict=True)
    )


class TestEverySample:
    @EVERY
    def test_imports_with_everything_a_submission_needs(
        self, rendered: dict[str, Path], sample: Sample
    ) -> None:
        found = imported(sample, rendered)
        assert found.programme == sample.recipe.programme
        assert found.template == sample.recipe.template
        wanted = () if programme(found.programme).support else ("mentor",)
        assert missing_fields(found) == wanted
        assert found.role_context
        questions = programme(found.programme).fairness
        allowed = {each.key: {value.key for value in each.values} for each in questions}
        for question, answer in found.fairness.items():
            assert answer in allowed[question]

    @EVERY
    def test_has_two_thousand_words_and_a_table(
        self, rendered: dict[str, Path], sample: Sample
    ) -> None:
        found = imported(sample, rendered)
        assert sum(map(word_count, found.sections)) >= 2000
        assert any(isinstance(block, Table) for block in every_block(found))

    @EVERY
    def test_shows_each_line_of_its_documents(
        self, rendered: dict[str, Path], sample: Sample
    ) -> None:
        found = imported(sample, rendered)
        text = whole_text(found)
        for block in source_blocks(sample, ".docx.md"):
            if isinstance(block, Heading | Paragraph) and not is_section(block, found):
                assert plain(block.text) in text

    @EVERY
    def test_shows_each_table_of_its_documents(
        self, rendered: dict[str, Path], sample: Sample
    ) -> None:
        found = imported(sample, rendered)
        shown = [each for each in every_block(found) if isinstance(each, Table)]
        for block in source_blocks(sample, ".docx.md"):
            if isinstance(block, Table):
                assert any(shows(each, block) for each in shown)

    @EVERY
    def test_shows_each_word_of_its_pdfs(
        self, rendered: dict[str, Path], sample: Sample
    ) -> None:
        pages = [
            block
            for block in every_block(imported(sample, rendered))
            if isinstance(block, PdfPage)
        ]
        shown = set(plain(" ".join(page.text for page in pages)).split())
        for block in source_blocks(sample, ".pdf.md"):
            assert set(plain(block_text(block)).split()) <= shown

    @EVERY
    def test_shows_each_picture(
        self, rendered: dict[str, Path], sample: Sample
    ) -> None:
        found = imported(sample, rendered)
        pictures = [
            each for each in found.evidence if each.media_type.startswith("image/")
        ]
        assert len(pictures) == len(list(sample.folder.rglob("*.figure.yaml")))
        shown = [each for each in every_block(found) if isinstance(each, Image)]
        assert all(each.description for each in shown)
        assert {each.evidence_id for each in shown} <= {each.id for each in pictures}

    @EVERY
    def test_leaves_out_what_the_computer_added(
        self, rendered: dict[str, Path], sample: Sample
    ) -> None:
        found = imported(sample, rendered)
        assert set(found.ignored) == set(sample.recipe.system_files)
        names = [each.name for each in found.evidence]
        assert not any(name.endswith((".db", ".DS_Store")) for name in names)

    @EVERY
    def test_is_judged_by_words_that_stand_in_it(
        self, rendered: dict[str, Path], sample: Sample
    ) -> None:
        found = imported(sample, rendered)
        texts = {each.key: plain(section_text(each)) for each in found.sections}
        for criterion in sample.judgement.criteria.values():
            for cited in criterion.evidence:
                assert plain(cited.words) in texts[cited.section]

    @EVERY
    def test_asks_for_changes_to_sections_and_standards_that_exist(
        self, rendered: dict[str, Path], sample: Sample
    ) -> None:
        rules = programme(sample.recipe.programme)
        template = rules.template(imported(sample, rendered).template)
        assert template is not None
        numbers = {str(each.number) for each in rules.every_standard()}
        for criterion in sample.judgement.criteria.values():
            for wanted in criterion.modifications:
                assert template.section(wanted.section) is not None
                assert wanted.standard in numbers

    def test_is_the_same_bytes_every_time(
        self, rendered: dict[str, Path], tmp_path: Path
    ) -> None:
        again = {path.stem: path for path in render_samples(tmp_path)}
        assert again.keys() == rendered.keys()
        for name, path in again.items():
            assert uploaded(path) == uploaded(rendered[name])

    def test_is_kept_as_text_only(self) -> None:
        endings = {path.suffix for path in SOURCES.rglob("*") if path.is_file()}
        assert endings == {".md", ".yaml"}

    def test_can_be_written_alone(self, tmp_path: Path) -> None:
        (path,) = render_samples(tmp_path, names=["ats-workbook"])
        assert path.name == "ats-workbook.docx"


class TestTheSampleCohort:
    def test_is_handed_in_as_a_document_a_folder_and_a_zip(
        self, rendered: dict[str, Path]
    ) -> None:
        assert {path.suffix for path in rendered.values()} == {".docx", ".zip", ""}
        kinds = {sample.recipe.handed_in_as for sample in SAMPLES}
        assert kinds == {"document", "zip", "folder"}

    def test_has_all_four_templates_of_three_programmes(self) -> None:
        assert {(s.recipe.programme, s.recipe.template) for s in SAMPLES} == {
            ("ATS", "phases"),
            ("ATS", "workbook"),
            ("QTLS", "formation"),
            ("ADVANCED-MENTOR", "form"),
        }

    def test_keeps_the_ticks_of_a_form(self, rendered: dict[str, Path]) -> None:
        (sample,) = (each for each in SAMPLES if each.recipe.template == "form")
        source = (sample.folder / "form.docx.md").read_text()
        assert whole_text(imported(sample, rendered)).count("✓") == source.count(
            "{tick}"
        )

    def test_reaches_both_outcomes_and_the_border(self) -> None:
        judged = [sample.judgement for sample in SAMPLES]
        assert {each.outcome for each in judged} == {"CM", "CNM"}
        assert any(each.borderline for each in judged)
        for level in (1, 2, 3, 4):
            assert any(
                criterion.level == level
                for each in judged
                for criterion in each.criteria.values()
            )

    def test_fails_each_criterion_somewhere(self) -> None:
        failed = {
            key
            for sample in SAMPLES
            for key, criterion in sample.judgement.criteria.items()
            if criterion.level == 1
        }
        assert failed == {"authenticity", "sufficiency", "reliability"}

    def test_has_an_adjustment_that_was_asked_for_in_time(self) -> None:
        (adjusted,) = [
            sample.recipe.adjustment for sample in SAMPLES if sample.recipe.adjustment
        ]
        assert adjusted.asked_on <= adjusted.agreed_on
        assert adjusted.extra_days == 21

    def test_covers_what_people_hand_in(self, rendered: dict[str, Path]) -> None:
        names = {
            each.name
            for sample in SAMPLES
            for each in imported(sample, rendered).evidence
        }
        endings = {Path(name).suffix for name in names}
        assert endings >= {".docx", ".pdf", ".png", ".jpg", ".md"}
        assert any(" " in name for name in names)
        assert any(not name.isascii() for name in names)
        folders = [Path(name) for name in names if "/" in name]
        last = [path.name for path in folders]
        assert len(last) > len(set(last)), "no name twice in different folders"

    def test_nests_a_table_and_tracks_changes(self, rendered: dict[str, Path]) -> None:
        (sample,) = (each for each in SAMPLES if each.name == "ats-workbook-borderline")
        found = imported(sample, rendered)
        nested = [
            cell
            for block in every_block(found)
            if isinstance(block, Table)
            for cell in block.cells
            if any(isinstance(each, Table) for each in cell.blocks)
        ]
        assert len(nested) == 1
        text = whole_text(found)
        assert "I take this as a sign that they ask each other." in text
        assert "proves that they have become independent" not in text


class TestTwentyRatings:
    def test_stand_in_the_self_assessment(self, rendered: dict[str, Path]) -> None:
        titles = [each.title for each in programme("ATS").every_standard()]
        for sample in SAMPLES:
            if sample.recipe.template != "phases":
                continue
            (ratings,) = [
                block
                for section in imported(sample, rendered).sections
                if section.key == "self-assessment"
                for block in section.blocks
                if isinstance(block, Table)
            ]
            assert [row[1] for row in ratings.rows[1:]] == titles
            assert all(row[2] in "12345" and row[3] for row in ratings.rows[1:])


class TestStatements:
    def test_come_as_pdf(self, rendered: dict[str, Path]) -> None:
        for sample in SAMPLES:
            if sample.recipe.template != "phases":
                continue
            statements = [
                section
                for section in imported(sample, rendered).sections
                if section.key.endswith("statement") or section.key == "observation"
            ]
            assert len(statements) == 3
            assert all(isinstance(each.blocks[0], PdfPage) for each in statements)


class TestQuotes:
    def test_stay_quotes(self, rendered: dict[str, Path]) -> None:
        (sample,) = (each for each in SAMPLES if each.name == "ats-workbook")
        blocks = every_block(imported(sample, rendered))
        styles = [each.style for each in blocks if isinstance(each, Paragraph)]
        assert styles.count("quote") == 2
