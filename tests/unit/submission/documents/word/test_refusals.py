"""Word documents that are damaged or hostile."""

import pytest

from services.submission.documents.refusals import UnreadableError
from tests.unit.submission.documents.building import (
    WordParts,
    read_word_bytes,
    word,
)


class TestRefusals:
    @pytest.mark.parametrize(
        ("document", "reason"),
        [
            (b"PK\x03\x04 cut off", "damaged"),
            (word("")[200:], "damaged"),
            (word("<w:p>"), "not well-formed"),
            (word("<w:r>" * 400 + "</w:r>" * 400), "not well-formed"),
            (word("", **{"word/vbaProject.bin": b"x"}), "macros"),
            (word('<w:altChunk r:id="x"/>'), "Another document is embedded"),
            (
                word(
                    "",
                    **{
                        "word/document.xml": b'<a xmlns="http://purl.oclc.org/ooxml/w"/>'
                    },
                ),
                "Strict Open XML",
            ),
            (word("", **{"[Content_Types].xml": b"<Types/>"}), "not that of a Word"),
            (word("", **{"_rels/.rels": b"<Relationships/>"}), "not that of a Word"),
            (
                WordParts(
                    "",
                    main_type="application/x.macroEnabled.main+xml",
                ).packed(),
                "macros",
            ),
            (
                word(
                    "",
                    **{
                        "word/document.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">'
                        b'<!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
                    },
                ),
                "declares entities",
            ),
            (
                word("", **{"word/document.xml": b"<w>" + b" " * 40_000_000 + b"</w>"}),
                "200 times its packed size",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_say_what_is_wrong(self, document: bytes, reason: str) -> None:
        with pytest.raises(UnreadableError) as refused:
            read_word_bytes(document)
        assert reason in refused.value.reason
        assert refused.value.remedy

    def test_never_read_a_file_of_the_machine_through_an_entity(self) -> None:
        entity = (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/'
            b'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p>'
            b"</w:body></w:document>"
        )
        with pytest.raises(UnreadableError, match="entities"):
            read_word_bytes(word("", **{"word/document.xml": entity}))
