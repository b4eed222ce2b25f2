"""An address is spelled one way before it is hashed."""

import pytest

from shared.crypto import AddressError, normalise_address


class TestNormaliseAddress:
    @pytest.mark.parametrize(
        "spelling",
        [
            "ana.lima@college.example",
            "  ana.lima@college.example\n",
            "Ana.Lima@College.Example",
            "ana.lima@COLLEGE.example.",
        ],
    )
    def test_gives_every_spelling_of_a_mailbox_the_same_form(
        self, spelling: str
    ) -> None:
        assert normalise_address(spelling) == "ana.lima@college.example"

    def test_treats_composed_and_decomposed_letters_alike(self) -> None:
        composed, decomposed = "ren\u00e9@college.example", "rene\u0301@college.example"

        assert normalise_address(composed) == normalise_address(decomposed)

    def test_keeps_tags_and_dots_of_the_name(self) -> None:
        tagged, plain = "ana+x@college.example", "ana@college.example"

        assert normalise_address(tagged) != normalise_address(plain)

    def test_changes_nothing_the_second_time(self) -> None:
        once = normalise_address("STRASSE\u1e9e@College.Example")

        assert normalise_address(once) == once

    @pytest.mark.parametrize(
        "wrong",
        ["", "ana", "@college.example", "ana@", "ana@.", "ana lima@x.example", "a@\tb"],
    )
    def test_refuses_what_is_no_address_without_repeating_it(self, wrong: str) -> None:
        with pytest.raises(AddressError) as refused:
            normalise_address(wrong)

        assert str(refused.value) == AddressError.__doc__
        assert refused.value.context == {}
