"""Sections on their way into the evidence store: called by what they are of."""

from services.submission.domain.content import words_of_file
from services.submission.handlers.keeping import named_by_file
from shared.contracts.portfolio import Paragraph, Section


def section(key: str, source_id: str | None = None) -> Section:
    words = (Paragraph(text="Words."),)
    return Section(key=key, title=key, blocks=words, source_id=source_id)


class TestNamedByFile:
    def test_calls_the_words_of_a_file_by_the_file(self) -> None:
        """Source: P: who takes a file out takes its words out."""
        found = named_by_file([section("coaching", "f0"), section("evidence-1", "f1")])
        assert [each.key for each in found] == ["coaching", words_of_file("f1")]

    def test_keeps_the_words_of_two_files_with_one_content_once(self) -> None:
        """Source: architecture.md: evidence is kept by its content."""
        found = named_by_file(
            [section("evidence-1", "f1"), section("evidence-2", "f1")]
        )
        assert [each.key for each in found] == [words_of_file("f1")]

    def test_leaves_a_section_of_the_template_alone(self) -> None:
        sections = [section("evidence-and-impact", "f1"), section("evidence-1")]
        assert named_by_file(sections) == tuple(sections)
