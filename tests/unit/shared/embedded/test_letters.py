"""Parsing letters: whatever bytes came, there is an answer."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.embedded.mailbox.deliveries import Delivery
from shared.embedded.mailbox.letters import Letter, parse, summarise
from shared.embedded.mailbox.links import Link

_FILE = b"Content-Disposition: attachment; filename="


def delivered(content: bytes, *, number: int = 1) -> Delivery:
    """Return *content* as a delivery."""
    received_at = datetime(2026, 11, 22, tzinfo=UTC)
    return Delivery(number, received_at, "a@x", ("b@x",), content)


def letter_of(content: bytes) -> Letter:
    """Return *content* as a reader sees it."""
    delivery = delivered(content)
    return parse(delivery, summarise(delivery))


class TestLetterId:
    def test_is_the_same_for_the_same_message_id(self) -> None:
        first = delivered(b"Message-ID: <1@x>\r\n\r\nA", number=1)
        second = delivered(b"Message-ID:  <1@x>\r\nX: y\r\n\r\nB", number=2)
        assert summarise(first).letter_id == summarise(second).letter_id

    def test_is_its_own_without_a_message_id(self) -> None:
        first = delivered(b"Subject: A\r\n\r\n", number=1)
        second = delivered(b"Subject: A\r\n\r\n", number=2)
        assert summarise(first).letter_id != summarise(second).letter_id


class TestParse:
    def test_reads_encoded_headers(self) -> None:
        line = summarise(delivered(b"Subject: =?utf-8?q?R=C3=A9sultat?=\r\n\r\n"))
        assert line.subject == "Résultat"

    @pytest.mark.parametrize(
        "header",
        [b"=?nonsense?q?x?=", b"=?utf-8?b?%%%?=", b"\xff\xfe", b"=?utf-8?q?=FF?="],
    )
    def test_shows_a_malformed_header_somehow(self, header: bytes) -> None:
        assert summarise(delivered(b"Subject: " + header + b"\r\n\r\n")).subject

    def test_reads_a_body_in_an_unknown_character_set(self) -> None:
        letter = letter_of(b"Content-Type: text/plain; charset=nonsense\r\n\r\nHello")
        assert letter.text == "Hello"

    def test_treats_a_second_text_as_a_file(self) -> None:
        message = EmailMessage()
        message.set_content("body")
        message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="a.ics")
        message.add_attachment("notes", filename="notes.txt")
        letter = letter_of(message.as_bytes())
        assert letter.text == "body\n"
        assert [file.name for file in letter.attachments] == ["a.ics", "notes.txt"]

    def test_keeps_a_forwarded_message_as_a_file(self) -> None:
        inner = EmailMessage()
        inner["Subject"] = "inner"
        inner.set_content("inside")
        outer = EmailMessage()
        outer.set_content("outside")
        outer.add_attachment(inner)
        letter = letter_of(outer.as_bytes())
        assert letter.text == "outside\n"
        (file,) = letter.attachments
        assert b"Subject: inner" in file.content

    def test_takes_directories_out_of_file_names(self) -> None:
        head = b'Content-Disposition: attachment; filename="../../etc/a\x01b.pdf"'
        (file,) = letter_of(head + b"\r\n\r\nx").attachments
        assert not set(file.name) & set("/\\\x01")
        assert file.name.endswith("b.pdf")

    def test_finds_each_link_once_with_its_words(self) -> None:
        message = EmailMessage()
        message.set_content("See https://a.example/1. Or (https://a.example/2)?")
        message.add_alternative(
            '<a href="https://a.example/1">Your <b>case</b></a>'
            '<a href="javascript:alert(1)">No</a>',
            subtype="html",
        )
        assert letter_of(message.as_bytes()).links == (
            Link("https://a.example/1", "Your case"),
            Link("https://a.example/2", "https://a.example/2"),
        )

    @given(st.binary(max_size=400))
    def test_answers_to_any_bytes(self, content: bytes) -> None:
        letter_of(content)

    @given(
        st.sampled_from([b"Subject: ", b"Content-Type: ", b"Message-ID: ", _FILE]),
        st.binary(max_size=60),
    )
    def test_answers_to_any_header_in_characters_a_page_can_carry(
        self, name: bytes, value: bytes
    ) -> None:
        letter = letter_of(_FILE + b"a\r\n" + name + value + b"\r\n\r\nx")
        for file in letter.attachments:
            assert (file.name + file.content_type).encode()
        assert letter.summary.subject.encode()
        assert all((header + found).encode() for header, found in letter.headers)

    @given(st.binary(max_size=200), st.sampled_from(["mixed", "alternative", "x"]))
    def test_answers_to_any_parts(self, content: bytes, kind: str) -> None:
        head = f"Content-Type: multipart/{kind}; boundary=b\r\n\r\n--b\r\n".encode()
        letter_of(head + content + b"\r\n--b--\r\n")
