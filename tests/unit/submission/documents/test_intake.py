"""The outside of an upload: sizes, names and entries, judged before unpacking."""

import io
import stat
import struct
import unicodedata
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from services.submission.documents.packing import pack_files
from services.submission.documents.refusals import PortfolioRefusedError, Refusal
from tests.unit.submission.documents.building import (
    limited,
    phases,
    png,
    read,
    workbook,
    zipped,
)


def refusals(
    upload: bytes | dict[str, bytes], name: str | None = None, **limits: int
) -> tuple[Refusal, ...]:
    """Return why *upload* is refused; the test fails if it is not."""
    with pytest.raises(PortfolioRefusedError) as refused:
        read(upload, name=name, programme=limited(**limits))
    return refused.value.refusals


def reasons(
    upload: bytes | dict[str, bytes], name: str | None = None, **limits: int
) -> dict[str, str]:
    """Return the reason for each refused file."""
    return {each.file: each.reason for each in refusals(upload, name, **limits)}


class TestLimits:
    def test_accepts_a_file_of_exactly_the_largest_size(self) -> None:
        """Source: P, 50 MB a file."""
        data = workbook()
        assert read(data, programme=limited(file_bytes=len(data))).sections

    def test_refuses_a_file_one_byte_over_the_largest_size(self) -> None:
        data = workbook()
        found = refusals(data, file_bytes=len(data) - 1)
        assert found[0].file == "workbook.docx"
        assert f"{len(data):,} bytes; the limit is {len(data) - 1:,}" in found[0].reason
        assert "Save it smaller" in found[0].remedy

    def test_accepts_a_portfolio_of_exactly_the_largest_size(self) -> None:
        """Source: P, 250 MB a portfolio."""
        size = len(pack_files(phases()))
        assert read(phases(), programme=limited(portfolio_bytes=size)).sections

    def test_refuses_a_portfolio_one_byte_over_the_largest_size(self) -> None:
        size = len(pack_files(phases()))
        assert (
            "the limit is" in reasons(phases(), portfolio_bytes=size - 1)["folder.zip"]
        )

    def test_accepts_exactly_the_largest_unpacked_size(self) -> None:
        """Source: P, 500 MB unpacked."""
        size = sum(map(len, phases().values()))
        assert read(phases(), programme=limited(unpacked_bytes=size)).sections

    def test_refuses_one_byte_over_the_largest_unpacked_size(self) -> None:
        size = sum(map(len, phases().values()))
        found = reasons(phases(), unpacked_bytes=size - 1)
        assert found["the upload"].startswith(f"It unpacks to {size:,} bytes")

    def test_counts_what_is_inside_word_documents_as_unpacked(self) -> None:
        data = workbook()
        with ZipFile(io.BytesIO(data)) as package:
            inside = sum(info.file_size for info in package.infolist())
        whole = len(data) + inside
        assert read(data, programme=limited(unpacked_bytes=whole)).sections
        found = reasons(data, unpacked_bytes=whole - 1)
        assert "bytes unpacked, the upload is too large" in found["workbook.docx"]

    def test_accepts_exactly_the_largest_number_of_files(self) -> None:
        """Source: P, 300 files."""
        count = len(phases())
        assert read(phases(), programme=limited(files=count)).sections

    def test_refuses_one_file_more_than_the_largest_number(self) -> None:
        count = len(phases())
        found = reasons(phases(), files=count - 1)
        assert found == {
            "the upload": f"It holds {count} files; the limit is {count - 1}."
        }

    def test_does_not_count_files_of_the_system(self) -> None:
        files = {**phases(), ".DS_Store": b"x", "__MACOSX/._about-you.md": b"x"}
        read_ = read(files, programme=limited(files=len(phases())))
        assert sorted(read_.ignored) == [".DS_Store", "__MACOSX/._about-you.md"]


class TestHostileEntries:
    def test_refuses_paths_that_leave_the_portfolio(self) -> None:
        bad = {
            "../out.md": "leads out",
            "a/../../out.md": "leads out",
            "..\\out.md": "leads out",
            "/etc/out.md": "root of a disk",
            "C:/out.md": "root of a disk",
            "a//b.md": "empty step",
            "./b.md": "empty step",
            "a\nb.md": "control character",
            f"{'n' * 260}.md": "longer than 255 bytes",
        }
        found = reasons(zipped(dict.fromkeys(bad, b"x")), "bad.zip")
        for name, reason in bad.items():
            assert reason in found[name.replace("\\", "/")]

    def test_refuses_a_symbolic_link(self) -> None:
        packed = io.BytesIO()
        with ZipFile(packed, "w") as archive:
            link = ZipInfo("about-you.md")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "/etc/passwd")
        found = reasons(packed.getvalue(), "links.zip")
        assert "is a link" in found["about-you.md"]

    def test_refuses_an_entry_locked_with_a_password(self) -> None:
        data = bytearray(zipped({"about-you.md": b"words"}))
        central = data.index(b"PK\x01\x02")
        data[central + 8] |= 1
        assert "password" in reasons(bytes(data), "locked.zip")["about-you.md"]

    def test_refuses_an_unusual_method_of_packing(self) -> None:
        packed = io.BytesIO()
        with ZipFile(packed, "w", ZIP_BZIP2) as archive:
            archive.writestr("about-you.md", b"words")
        assert "unusual" in reasons(packed.getvalue(), "b.zip")["about-you.md"]

    def test_refuses_a_bomb_by_what_the_zip_says_about_it(self) -> None:
        bomb = zipped({"evidence/bomb.png": b"\0" * 3_000_000})
        found = reasons(bomb, "bomb.zip")
        assert "200 times its packed size" in found["evidence/bomb.png"]

    def test_refuses_entries_that_share_their_bytes(self) -> None:
        data = zipped({"a.md": b"words of a", "b.md": b"words of b"})
        first = data.index(b"PK\x01\x02")
        second = data.index(b"PK\x01\x02", first + 4)
        shared = bytearray(data)
        shared[second + 42 : second + 46] = struct.pack("<I", 0)
        assert "damaged" in reasons(bytes(shared), "shared.zip")["shared.zip"]

    def test_refuses_a_file_that_says_less_than_it_holds(self) -> None:
        data = bytearray(pack_files(phases()))
        for start in (data.index(b"PK\x01\x02") + 24, data.index(b"PK\x03\x04") + 22):
            data[start : start + 4] = struct.pack("<I", 1)
        assert "damaged" in " ".join(reasons(bytes(data), "liar.zip").values())

    def test_refuses_a_damaged_file_and_names_it(self) -> None:
        data = bytearray(zipped({**phases(), "evidence/x.md": b"stored words" * 9}))
        place = data.index(b"evidence/x.md") + len("evidence/x.md") + 2
        data[place] ^= 0xFF
        assert "damaged" in reasons(bytes(data), "damaged.zip")["evidence/x.md"]

    @pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04 cut off"])
    def test_refuses_what_is_no_zip(self, data: bytes) -> None:
        assert "damaged" in reasons(data, "broken.zip")["broken.zip"]

    def test_refuses_an_empty_zip(self) -> None:
        assert reasons({})["the upload"] == "There is no file in it."

    def test_refuses_an_upload_of_another_kind(self) -> None:
        found = refusals(b"%PDF-1.7", "portfolio.pdf")
        assert found[0].reason == "It is neither a zip nor a Word document (.docx)."
        assert found[0].remedy


class TestNames:
    def test_refuses_names_that_differ_in_case_or_unicode_form_only(self) -> None:
        composed = unicodedata.normalize("NFC", "evidence/Zoë.md")
        decomposed = unicodedata.normalize("NFD", "evidence/Zoë.md")
        files = {
            **phases(),
            "evidence/plan.md": b"x",
            "evidence/PLAN.md": b"y",
            composed: b"x",
            decomposed: b"y",
        }
        found = reasons(zipped(files), "twice.zip")
        assert found["evidence/PLAN.md"] == (
            "Another file has the same name: evidence/plan.md."
        )
        assert list(found) == ["evidence/PLAN.md", composed]

    def test_accepts_the_same_name_in_two_folders(self) -> None:
        files = {**phases(), "evidence/a/x.md": b"one", "evidence/b/x.md": b"two"}
        names = {file.name for file in read(files).evidence}
        assert {"evidence/a/x.md", "evidence/b/x.md"} <= names

    def test_accepts_spaces_and_accents(self) -> None:
        files = {**phases(), "evidence/Chloë's plan, naïve.md": b"words"}
        assert "evidence/Chloë's plan, naïve.md" in {
            file.name for file in read(files).evidence
        }

    def test_reads_names_in_utf8_that_are_not_marked_as_such(self) -> None:
        name = "evidence/Zoë.md"
        data = zipped({**phases(), "evidence/Zo??.md": b"words"})
        marked = data.replace(b"evidence/Zo??.md", name.encode())
        names = {file.name for file in read(marked, name="mac.zip").evidence}
        assert name in names

    def test_tolerates_one_folder_around_everything(self) -> None:
        inside = {f"My portfolio/{name}": data for name, data in phases().items()}
        assert read({**inside, ".DS_Store": b"x"}).sections == read(phases()).sections

    def test_does_not_tolerate_two_folders_around_everything(self) -> None:
        inside = {f"a/b/{name}": data for name, data in phases().items()}
        found = {each.reason for each in refusals(inside)}
        assert "'360-degree feedback' has 0 of at least 1 from: colleague." in found

    def test_leaves_files_of_the_system_out_and_lists_them(self) -> None:
        system = {"Thumbs.db", "evidence/desktop.ini", "~$about-you.docx", ".hidden/x"}
        found = read({**phases(), **dict.fromkeys(system, b"x")})
        assert set(found.ignored) == system
        assert not system & {file.name for file in found.evidence}


class TestEveryProblem:
    def test_is_listed_at_once(self) -> None:
        files = {
            **phases(),
            "evidence/macro.docm": b"PK\x03\x04",
            "evidence/empty.pdf": b"",
            "evidence/fake.png": b"%PDF-1.7 no picture",
            "evidence/old.doc": b"\xd0\xcf\x11\xe0",
            "evidence/page.html": b"<html>",
        }
        del files["cpd-log.md"]
        found = reasons(files)
        assert set(found) == {*sorted(set(files) - set(phases())), "cpd-log"}

    def test_names_the_same_thing_once(self) -> None:
        files = {**phases(), "evidence/a.exe": b"MZ"}
        found = refusals(files)
        assert len(found) == len(set(found)) == 1
        assert (
            found[0].remedy == "Save it as docx, pdf, png, jpg or md, or leave it out."
        )

    def test_is_not_part_of_what_is_logged(self) -> None:
        with pytest.raises(PortfolioRefusedError) as refused:
            read({"Ann Lee's diary.exe": b"MZ"})
        assert "Ann" not in f"{refused.value} {refused.value.context}"
        assert refused.value.context == {"problems": len(refused.value.refusals)}

    def test_keeps_nothing_said_about_a_refused_section_being_missing(self) -> None:
        files = {**phases(), "about-you.docx": b"no document"}
        del files["about-you.md"]
        assert list(reasons(files)) == ["about-you.docx"]


class TestOriginals:
    def test_are_kept_under_the_hash_of_their_bytes(self) -> None:
        kept: dict[str, bytes] = {}
        picture = png()
        found = read({**phases(), "evidence/a.png": picture}, kept=kept)
        (file,) = [each for each in found.evidence if each.name == "evidence/a.png"]
        assert kept[file.id] == picture
        assert (file.media_type, file.size_bytes, file.use) == (
            "image/png",
            len(picture),
            "evidence",
        )

    def test_are_kept_once_when_two_files_are_the_same(self) -> None:
        picture = png()
        files = {**phases(), "evidence/a.png": picture, "evidence/b.png": picture}
        (file,) = [each for each in read(files).evidence if each.name.endswith("a.png")]
        assert file.other_names == ("evidence/b.png",)

    def test_pack_into_the_same_bytes_whatever_their_order(self) -> None:
        backwards = dict(reversed(phases().items()))
        assert pack_files(phases()) == pack_files(backwards)
        with ZipFile(io.BytesIO(pack_files(phases()))) as archive:
            assert all(
                info.compress_type == ZIP_DEFLATED for info in archive.infolist()
            )
