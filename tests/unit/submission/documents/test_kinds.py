"""The name of a file and its content must agree."""

import pytest

from services.submission.documents.intake.kinds import (
    Kind,
    kind_of,
    refuse_disguised,
)
from services.submission.documents.refusals import UnreadableError
from tests.unit.submission.documents.building import png, word

PDF = b"%PDF-1.7\n"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


class TestKindOf:
    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("a.docx", Kind.WORD),
            ("A.DOCX", Kind.WORD),
            ("folder/b.pdf", Kind.PDF),
            ("b.Png", Kind.PNG),
            ("b.jpeg", Kind.JPEG),
            ("notes.md", Kind.MARKDOWN),
            ("portfolio.yaml", Kind.FORM),
            ("Portfolio.yml", Kind.FORM),
        ],
    )
    def test_goes_by_the_ending(self, name: str, kind: Kind) -> None:
        assert kind_of(name) is kind

    @pytest.mark.parametrize(
        ("name", "remedy"),
        [
            ("a.docm", "holds no macros"),
            ("a.doc", "save it as a Word document"),
            ("a.zip", "Put the files themselves"),
            ("a.heic", "JPEG"),
            ("a.exe", "leave it out"),
            ("a", "leave it out"),
            ("evidence/portfolio.yaml", "leave it out"),
        ],
    )
    def test_says_what_to_do_with_other_kinds(self, name: str, remedy: str) -> None:
        with pytest.raises(UnreadableError) as refused:
            kind_of(name)
        assert remedy in refused.value.remedy


class TestRefuseDisguised:
    @pytest.mark.parametrize(
        ("kind", "content"),
        [
            (Kind.PDF, PDF),
            (Kind.PNG, png()),
            (Kind.JPEG, JPEG + b"\0" * 40),
            (Kind.WORD, word("")),
            (Kind.MARKDOWN, "# Zoë\n".encode()),
            (Kind.MARKDOWN, b"\xef\xbb\xbfwith a mark of order"),
        ],
    )
    def test_accepts_what_the_name_says(self, kind: Kind, content: bytes) -> None:
        refuse_disguised(kind, content)

    @pytest.mark.parametrize(
        ("kind", "content", "reason"),
        [
            (Kind.PDF, b"", "empty"),
            (Kind.PDF, b"<html><script>alert(1)</script>", "something else"),
            (Kind.PDF, b"GIF89a/*\n%PDF-1.7\n*/=0;alert(1)//", "something else"),
            (Kind.PNG, b'<svg xmlns="http://www.w3.org/2000/svg"/>', "something else"),
            (Kind.PNG, JPEG + b"\0" * 40, "something else"),
            (Kind.JPEG, png(), "something else"),
            (Kind.PNG, b"no picture at all", "something else"),
            (Kind.WORD, PDF, "something else"),
            (Kind.WORD, OLE, "older Word document"),
            (
                Kind.WORD,
                OLE + "EncryptedPackage".encode("utf-16-le"),
                "locked with a password",
            ),
            (Kind.MARKDOWN, b"\xff\xfe\x00", "not text saved as UTF-8"),
            (Kind.MARKDOWN, b"words\0words", "bytes that are no text"),
            (Kind.MARKDOWN, png(), "not text saved as UTF-8"),
        ],
    )
    def test_refuses_anything_else(
        self, kind: Kind, content: bytes, reason: str
    ) -> None:
        with pytest.raises(UnreadableError) as refused:
            refuse_disguised(kind, content)
        assert reason in refused.value.reason
        assert refused.value.remedy
