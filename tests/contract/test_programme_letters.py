"""The letters that programme files name are letters that notification can write."""

from typing import get_args

from services.notification.domain.events import Template
from shared.programmes import load_programme, programmes

LETTERS = set(get_args(Template))


class TestLetters:
    def test_of_each_programme_exist(self) -> None:
        """Source: domain.md section 5."""
        unknown = {
            each.code: sorted(set(each.letters) - LETTERS) for each in programmes()
        }
        assert not any(unknown.values()), unknown

    def test_are_all_those_of_a_programme_with_viva_and_statements(self) -> None:
        """Source: domain.md section 5."""
        assert set(load_programme("ATS").letters) == LETTERS
