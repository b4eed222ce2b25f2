"""The number on a certificate."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.viva.domain.award_number import (
    SECRET_BYTES,
    award_number,
    is_award_number,
)

SECRETS = st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)


class TestAwardNumber:
    @given(SECRETS, st.sampled_from(["ATS", "QTLS", "MENTOR-2"]))
    def test_can_be_checked(self, secret: bytes, programme: str) -> None:
        assert is_award_number(award_number(programme, 2026, secret))

    @given(SECRETS, SECRETS)
    def test_is_another_for_every_secret(self, one: bytes, other: bytes) -> None:
        """Unique as far as the 80 random bits are."""
        assume(one != other)
        assert award_number("ATS", 2026, one) != award_number("ATS", 2026, other)

    @given(SECRETS, st.data())
    def test_shows_one_misread_character(
        self, secret: bytes, data: st.DataObject
    ) -> None:
        """Source: ISO/IEC 7064, MOD 37,36."""
        number = award_number("ATS", 2026, secret)
        places = [i for i, each in enumerate(number) if each != "-"]
        place = data.draw(st.sampled_from(places))
        other = data.draw(st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
        assume(other != number[place])
        assert not is_award_number(number[:place] + other + number[place + 1 :])

    def test_has_a_form_that_can_be_read_out(self) -> None:
        number = award_number("ATS", 2026, bytes(SECRET_BYTES))
        assert number.startswith("ATS-2026-0000-0000-0000-0000-")

    @pytest.mark.parametrize("text", ["", "ATS", "ATS-2026-0000-0000-0000-0000", "ä"])
    def test_refuses_what_is_none(self, text: str) -> None:
        assert not is_award_number(text)

    def test_needs_all_its_random_bytes(self) -> None:
        with pytest.raises(ValueError, match="random bytes"):
            award_number("ATS", 2026, b"short")
