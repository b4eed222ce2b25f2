"""The bytes: always the same, whole, and closed to whatever people typed."""

import base64
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from services.notification.letters import (
    Correspondent,
    MalformedAddressError,
    MalformedMessageIdError,
    message_id_of,
    postal_address,
)
from tests.unit.notification.letters.examples import (
    LETTER,
    MESSAGE_ID,
    RECIPIENT,
    feedback_saying,
    received,
    rendered,
)

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
]
MARKUP = (
    "<script>alert(1)</script> & <b>bold</b> {{ 7 * 7 }} {% raw %} "
    '#panic() $x^2$ *strong* @ref `raw` = heading \\ // /* <label> "quote" \u2019'
)
IN_ANOTHER_PROCESS = """
import base64, sys
from tests.unit.notification.letters.examples import rendered
sys.stdout.write(base64.b64encode(rendered().content).decode())
"""


class TestBytes:
    def test_are_the_same_in_another_process(self) -> None:
        command = [sys.executable, "-c", IN_ANOTHER_PROCESS]
        other = subprocess.run(command, check=True, capture_output=True).stdout
        assert base64.b64decode(other) == rendered().content

    def test_differ_when_the_letter_differs(self) -> None:
        other = rendered(replace(LETTER, case_id="c-other"))
        assert other.content != rendered().content
        assert other.content_sha256 != rendered().content_sha256

    def test_are_lines_that_any_mail_server_takes(self) -> None:
        content = rendered(replace(LETTER, feedback=feedback_saying("é" * 900))).content
        assert content.isascii()
        assert content.endswith(b"\r\n")
        lines = content.split(b"\r\n")
        assert not any(b"\r" in line or b"\n" in line for line in lines)
        assert max(map(len, lines)) <= 78  # RFC 5322 2.1.1

    def test_have_boundaries_of_their_own(self) -> None:
        other = rendered(message_id=message_id_of("another", "attest.example"))
        mine = set(re.findall(rb'boundary="([^"]+)"', rendered().content))
        theirs = set(re.findall(rb'boundary="([^"]+)"', other.content))
        assert len(mine) == len(theirs) == 2
        assert not mine & theirs


class TestHeaders:
    def test_are_these(self) -> None:
        message = received(rendered().content).message
        assert message.keys() == HEADERS
        assert message["To"] == f"{RECIPIENT.name} <zoe@riverside.example>"
        assert message["Message-ID"] == MESSAGE_ID
        assert message["Date"] == "Mon, 02 Nov 2026 09:31:00 +0000"
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Content-Language"] == "en-GB"

    def test_take_no_line_from_a_name(self) -> None:
        name = "Eve\r\nBcc: all@victim.example\n\nHello"
        message = received(
            rendered(recipient=Correspondent(name, "eve@x.example")).content
        ).message
        assert message.keys() == HEADERS
        (address,) = message["To"].addresses
        assert address.display_name == "Eve Bcc: all@victim.example Hello"
        assert address.addr_spec == "eve@x.example"

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "nobody",
            "@x.example",
            "a@",
            "a b@x.example",
            "a@x.example\r\nBcc: b@x.example",
            "a@x.example, b@x.example",
            "a@x.example>",
            "a@b@x.example",
            "a..b@x.example",
            "a@-x.example",
            "a@[127.0.0.1]",
            "\u202ea@x.example\u2028",
            "a" * 65 + "@x.example",
        ],
    )
    def test_take_no_malformed_address(self, address: str) -> None:
        with pytest.raises(MalformedAddressError):
            rendered(recipient=Correspondent("Eve", address))

    @pytest.mark.parametrize("message_id", ["x", "<a@b>\r\nBcc: c@d", "<a b@c>", "<@>"])
    def test_take_no_malformed_message_id(self, message_id: str) -> None:
        with pytest.raises(MalformedMessageIdError):
            rendered(message_id=message_id)

    def test_keep_a_long_message_id_in_one_piece(self) -> None:
        long = message_id_of("n", f"{'a' * 60}.{'b' * 60}.example")
        message = received(rendered(message_id=long).content).message
        assert message["Message-ID"].strip() == long

    def test_write_a_domain_beyond_ascii_as_dns_knows_it(self) -> None:
        assert postal_address("ana@münchen.example") == (
            "ana",
            "xn--mnchen-3ya.example",
        )

    def test_leave_a_name_beyond_ascii_in_an_address(self) -> None:
        content = rendered(recipient=Correspondent("José", "josé@x.example")).content
        assert "\r\n <josé@x.example>\r\n".encode() in content


class TestBodies:
    def test_show_markup_as_it_was_typed(self) -> None:
        letter = received(
            rendered(replace(LETTER, feedback=feedback_saying(MARKUP))).content
        )
        typed = " ".join(MARKUP.split())
        assert typed in letter.flowing_text
        assert "<script>" not in letter.html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in letter.html
        assert "{{ 7 * 7 }}" in letter.html
        assert "#panic()" in letter.pdf_text
        assert "*strong*" in letter.pdf_text
        assert "{{ 7 * 7 }}" in letter.pdf_text

    def test_drop_controls_and_overrides_of_direction(self) -> None:
        letter = received(
            rendered(
                replace(LETTER, feedback=feedback_saying("a\x00b\u202ec\x1b[0m"))
            ).content
        )
        for body in (letter.text, letter.html):
            assert "abc[0m" in body
            assert not re.search("[\x00\x1b\u202e]", body)

    def test_fetch_nothing_and_run_nothing(self) -> None:
        html = received(rendered().content).html
        assert not re.search(
            r"(?i)\bsrc=|url\(|<link|<script|<style|@import|http", html
        )
        assert '<html lang="en-GB">' in html

    def test_break_lines_of_text_at_72_columns(self) -> None:
        words = "word " * 300
        text = received(
            rendered(replace(LETTER, feedback=feedback_saying(words))).content
        ).text
        assert max(map(len, text.splitlines())) <= 72


class TestPdf:
    def test_is_for_archives_and_for_screen_readers(self) -> None:
        reader = PdfReader(BytesIO(received(rendered().content).pdf))
        about = reader.xmp_metadata
        assert about is not None
        stated = about.rdf_root.toxml()
        assert "<pdfaid:part>2</pdfaid:part>" in stated
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in stated
        assert "<pdfuaid:part>1</pdfuaid:part>" in stated
        assert str(reader.root_object["/Lang"]) == "en-GB"
        assert reader.metadata is not None
        assert (
            reader.metadata.title
            == "Advanced Teacher Status: the decision on your portfolio"
        )

    def test_is_called_after_the_case(self) -> None:
        message = received(rendered().content).message
        (file,) = message.iter_attachments()
        assert file.get_filename() == "decision-c-7f3a9d21.pdf"

    def test_shows_a_square_for_what_no_font_has_and_says_so(self) -> None:
        words = "Well done \U0001f600 李 Ελλάδα \ue000 e\u0301"
        letter = received(
            rendered(replace(LETTER, feedback=feedback_saying(words))).content
        )
        assert "\U0001f600 李 Ελλάδα" in letter.text
        assert "\u25a1 \u25a1 Ελλάδα" in letter.pdf_text
        assert "An empty square stands for a character" in letter.pdf_text

    def test_says_nothing_of_squares_when_there_are_none(self) -> None:
        assert "empty square" not in received(rendered().content).pdf_text
