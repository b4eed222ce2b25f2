"""Header fields hold whatever people are called, and nothing else."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr

from hypothesis import example, given
from hypothesis import strategies as st

from services.notification.letters import Correspondent
from services.notification.letters.headers import address_field, text_field
from services.notification.letters.plain import one_line

NAMES = st.text(max_size=120) | st.text(
    'ab ,."\\()<>@:;=?_\r\n\t\u00e9\u674e\U0001f600\u0301\u00a0', max_size=120
)


def unfolded(field: str) -> str:
    """The value of the only header in *field*, as a mail program reads its lines."""
    message = message_from_bytes(field.encode() + b"\r\n\r\n")
    assert len(message.keys()) == 1
    assert message.get_payload() == ""
    (value,) = message.values()
    return str(value).replace("\r\n", "").replace("\n", "")


def decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


class TestAddressField:
    @given(name=NAMES)
    @example("000000¡¡¡¡¡¡" + "\U00010000" * 7)  # the standard library adds a space
    @example("=?utf-8?b?RXZl?=")
    @example('O"Brien \\ Sons, Ltd.')
    def test_brings_back_every_name(self, name: str) -> None:
        field = address_field("To", Correspondent(name, "ana@x.example"))
        shown, address = parseaddr(unfolded(field))
        assert address == "ana@x.example"
        assert decoded(shown) == one_line(name)

    @given(name=NAMES)
    @example('"' * 60)
    def test_has_lines_of_at_most_78_characters(self, name: str) -> None:
        field = address_field("To", Correspondent(name, "ana@x.example"))
        assert max(map(len, field.split("\r\n"))) <= 78  # RFC 5322 2.1.1
        assert field.isascii()

    def test_shortens_what_is_no_name(self) -> None:
        field = address_field("To", Correspondent("a" * 5_000, "ana@x.example"))
        assert decoded(parseaddr(unfolded(field))[0]) == "a" * 200


class TestTextField:
    @given(words=NAMES)
    def test_brings_back_every_text(self, words: str) -> None:
        field = text_field("Subject", words)
        assert decoded(unfolded(field)) == one_line(words)
        assert max(map(len, field.split("\r\n"))) <= 78
