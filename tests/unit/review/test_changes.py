"""What changed from the first attempt to the second."""

import pytest

from services.review.domain.changes import (
    Change,
    Portfolio,
    file_changes,
    section_changes,
)
from shared.contracts.portfolio import EvidenceFile, Image, Paragraph, Section, Table


def section(key: str, *texts: str, source: str | None = None) -> Section:
    blocks = tuple(Paragraph(text=each) for each in texts)
    return Section(key=key, title=key.title(), blocks=blocks, source_id=source)


def picture(key: str, evidence_id: str) -> Section:
    return Section(key=key, title=key.title(), blocks=(Image(evidence_id=evidence_id),))


def file(evidence_id: str, name: str, content: str) -> EvidenceFile:
    return EvidenceFile(
        id=evidence_id,
        name=name,
        media_type="image/png",
        size_bytes=1,
        content_hash=content * 64,
        path=f"ana/{evidence_id}",
    )


def portfolio(*parts: Section | EvidenceFile) -> Portfolio:
    return Portfolio(
        tuple(each for each in parts if isinstance(each, Section)),
        tuple(each for each in parts if isinstance(each, EvidenceFile)),
    )


class TestSections:
    """Source: domain.md section 6: by content hash."""

    def test_are_added_removed_changed_or_unchanged(self) -> None:
        before = portfolio(section("a", "One."), section("b", "Two."), section("c"))
        after = portfolio(section("a", "One."), section("d"), section("b", "2."))
        found = [(each.key, each.change) for each in section_changes(before, after)]
        assert found == [
            ("a", "unchanged"),
            ("d", "added"),
            ("b", "changed"),
            ("c", "removed"),
        ]

    def test_are_the_same_whichever_upload_they_came_in(self) -> None:
        before = portfolio(section("a", "One.", source="first"))
        after = portfolio(section("a", "One.", source="second"))
        assert [each.change for each in section_changes(before, after)] == ["unchanged"]

    @pytest.mark.parametrize(
        ("content", "change"), [("a", "unchanged"), ("b", "changed")]
    )
    def test_show_the_same_picture_when_its_bytes_are_the_same(
        self, content: str, change: Change
    ) -> None:
        before = portfolio(picture("a", "e1"), file("e1", "x.png", "a"))
        after = portfolio(picture("a", "e7"), file("e7", "x.png", content))
        assert [each.change for each in section_changes(before, after)] == [change]

    def test_notice_a_cell_of_a_table(self) -> None:
        tables = [Table(rows=(("Aim", each),)) for each in ("Read", "Write")]
        parts = [Section(key="a", title="A", blocks=(each,)) for each in tables]
        found = section_changes(*(portfolio(each) for each in parts))
        assert [each.change for each in found] == ["changed"]


class TestFiles:
    def test_are_told_by_their_content_and_then_by_their_name(self) -> None:
        before = portfolio(
            file("e1", "plan.pdf", "a"),
            file("e2", "chart.png", "b"),
            file("e3", "gone.pdf", "c"),
        )
        after = portfolio(
            file("f1", "the plan.pdf", "a"),
            file("f2", "chart.png", "d"),
            file("f3", "new.pdf", "e"),
        )
        found = file_changes(before, after)
        assert [(each.name, each.evidence_id, each.change) for each in found] == [
            ("the plan.pdf", "f1", "unchanged"),
            ("chart.png", "f2", "changed"),
            ("new.pdf", "f3", "added"),
            ("gone.pdf", None, "removed"),
        ]

    def test_are_lost_where_another_content_has_taken_their_name(self) -> None:
        before = portfolio(file("e1", "a.pdf", "a"), file("e2", "b.pdf", "b"))
        after = portfolio(file("f1", "a.pdf", "b"))
        found = file_changes(before, after)
        assert [(each.name, each.evidence_id, each.change) for each in found] == [
            ("a.pdf", "f1", "unchanged"),
            ("a.pdf", None, "removed"),
        ]

    def test_that_changed_places_are_neither_lost_nor_changed(self) -> None:
        before = portfolio(file("e1", "a.pdf", "a"), file("e2", "b.pdf", "b"))
        after = portfolio(file("f1", "a.pdf", "b"), file("f2", "b.pdf", "a"))
        found = [each.change for each in file_changes(before, after)]
        assert found == ["unchanged", "unchanged"]

    def test_of_no_attempt_are_none(self) -> None:
        assert file_changes(portfolio(), portfolio()) == ()
