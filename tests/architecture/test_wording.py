"""Every fact can be read by people. Source: domain.md section 1, operations."""

from services.operations.app import CODEC
from services.operations.wording import SENTENCES, sentence


def test_every_fact_has_words_of_its_own() -> None:
    """Otherwise say what it is called in services/operations/wording.py."""
    assert SENTENCES.keys() == CODEC.types
    assert len(set(SENTENCES.values())) == len(SENTENCES)


def test_words_are_a_short_line() -> None:
    assert [each for each in SENTENCES.values() if len(each) > 60] == []
    assert [each for each in SENTENCES.values() if not each[0].isupper()] == []


def test_a_fact_of_another_version_is_called_by_its_type() -> None:
    assert sentence("review.Invented") == "review.Invented"
