"""What a portfolio and its form say about who, where and when."""

import pytest

from services.submission.documents import Contact, Participant, Portfolio
from services.submission.handlers.details import (
    DetailsMissingError,
    Form,
    cohort_id_of,
)
from services.submission.handlers.keeping import amount_of, renamed
from shared.contracts.portfolio import (
    CellContent,
    Image,
    Paragraph,
    PdfPage,
    Section,
    Table,
)


def portfolio(cohort: str | None = "2025-10") -> Portfolio:
    return Portfolio(
        programme="ATS",
        programme_version="2025.1",
        template="workbook",
        participant=Participant(name="Ana", email="ana@example.org"),
        cohort=cohort,
        setting="North College",
        mentor=Contact(name="Ben"),
    )


class TestCohortIdOf:
    @pytest.mark.parametrize(
        ("said", "cohort_id"),
        [("2025-10", "ats-2025-10"), ("ats-2025-10", "ats-2025-10")],
    )
    def test_is_the_programme_and_the_month(self, said: str, cohort_id: str) -> None:
        assert cohort_id_of(portfolio(said)) == cohort_id

    @pytest.mark.parametrize("said", [None, "", "The one in autumn"])
    def test_is_asked_for_by_its_option(self, said: str | None) -> None:
        with pytest.raises(DetailsMissingError, match="--cohort") as refused:
            cohort_id_of(portfolio(said))
        assert refused.value.context["missing"] == [
            {"field": "cohort", "option": "--cohort"}
        ]


class TestForm:
    def test_wins_over_the_files_and_leaves_the_rest(self) -> None:
        form = Form(mentor="Cleo <cleo@example.org>", organisation="South College")
        filled = form.fill(portfolio())
        assert filled.mentor == Contact(name="Cleo", email="cleo@example.org")
        assert filled.setting == "South College"
        assert filled.participant == portfolio().participant

    def test_never_gives_one_mentor_the_address_of_another(self) -> None:
        known = portfolio().model_copy(
            update={"mentor": Contact(name="Ben", email="ben@example.org")}
        )
        assert Form(mentor="Ben").fill(known).mentor.email == "ben@example.org"
        assert Form(mentor="Cleo").fill(known).mentor == Contact(name="Cleo")


SECTION = Section(
    key="introduction",
    title="Introduction",
    source_id="old-document",
    blocks=(
        Paragraph(text="Three plain words"),
        Table(
            rows=(("",),),
            cells=(
                CellContent(row=0, column=0, blocks=(Image(evidence_id="old-photo"),)),
            ),
        ),
        PdfPage(evidence_id="old-scan", page=1, text=""),
    ),
)


class TestAmountOf:
    def test_counts_words_pictures_and_pages_without_words(self) -> None:
        amount = amount_of(SECTION)
        assert (amount.words, amount.pictures) == (3, 2)


class TestRenamed:
    def test_reaches_files_at_any_depth(self) -> None:
        names = {"old-document": "a", "old-photo": "b", "old-scan": "c"}
        text = renamed(SECTION, names).model_dump_json()
        assert "old-" not in text
        assert renamed(SECTION, names).source_id == "a"
