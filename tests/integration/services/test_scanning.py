"""Uploads are shown to a malware scanner, and only what it calls clean is taken in."""

import io
import os
from pathlib import Path

import pytest
from fastapi import UploadFile

from services.submission.api.uploads import Reception
from services.submission.gateways import (
    MalwareFoundError,
    Scanner,
    ScannerAddress,
    UncheckedError,
)
from services.submission.settings import Settings
from tests.support.clamd import EICAR, running_clamd


def file(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


class TestCheck:
    """Source: consoles.md, "Uploads": malware scan when a scanner is configured."""

    async def test_returns_once_all_of_a_file_was_found_clean(
        self, tmp_path: Path
    ) -> None:
        content = os.urandom(700_000)
        async with running_clamd() as clamd:
            await Scanner(clamd.address).check(file(tmp_path, content))
            await Scanner(clamd.address).check(file(tmp_path, b""))
        assert clamd.seen == [content, b""]

    async def test_refuses_malware_and_says_what_was_found(
        self, tmp_path: Path
    ) -> None:
        async with running_clamd() as clamd:
            with pytest.raises(MalwareFoundError) as refused:
                await Scanner(clamd.address).check(file(tmp_path, b"a" + EICAR))
        assert refused.value.context == {"found": "Eicar-Signature"}

    async def test_takes_nothing_for_clean_that_was_too_large_to_check(
        self, tmp_path: Path
    ) -> None:
        """Source: consoles.md: unreachable is never clean; nor is unchecked."""
        async with running_clamd(limit_bytes=1000) as clamd:
            with pytest.raises(UncheckedError):
                await Scanner(clamd.address).check(file(tmp_path, bytes(3_000_000)))

    async def test_takes_nothing_for_clean_while_the_scanner_is_away(
        self, tmp_path: Path
    ) -> None:
        """Source: consoles.md: unreachable is never clean."""
        async with running_clamd() as clamd:
            address = clamd.address
        with pytest.raises(UncheckedError):
            await Scanner(address).check(file(tmp_path, b"harmless"))

    async def test_takes_nothing_for_clean_while_the_scanner_is_silent(
        self, tmp_path: Path
    ) -> None:
        """Source: consoles.md: unreachable is never clean."""
        async with running_clamd() as clamd:
            clamd.is_silent = True
            scanner = Scanner(clamd.address, answer_seconds=0.2)
            with pytest.raises(UncheckedError):
                await scanner.check(file(tmp_path, b"harmless"))
            assert not await scanner.answers()


class TestAnswers:
    async def test_tells_whether_the_scanner_is_there(self) -> None:
        async with running_clamd() as clamd:
            assert await Scanner(clamd.address).answers()
        assert not await Scanner(clamd.address).answers()


class TestReception:
    """Source: consoles.md, "Uploads"."""

    async def test_lets_nobody_read_what_was_not_found_clean(
        self, tmp_path: Path
    ) -> None:
        async with running_clamd() as clamd:
            reception = Reception(tmp_path, Scanner(clamd.address).check)
            upload = UploadFile(io.BytesIO(EICAR), filename="portfolio.zip")
            with pytest.raises(MalwareFoundError):
                async with reception.received(upload, 1000):
                    pytest.fail("it was read")
        assert left_in(tmp_path) == []

    async def test_takes_everything_in_where_no_scanner_is_configured(
        self, tmp_path: Path
    ) -> None:
        upload = UploadFile(io.BytesIO(EICAR), filename="portfolio.zip")
        async with Reception(tmp_path, None).received(upload, 1000) as taken:
            assert taken.path.read_bytes() == EICAR


class TestAddress:
    @pytest.mark.parametrize(
        ("text", "host"), [("clamav:3310", "clamav"), ("[::1]:3310", "::1")]
    )
    def test_is_host_and_port(self, text: str, host: str) -> None:
        assert ScannerAddress.parse(text) == ScannerAddress(host, 3310)

    def test_is_none_unless_it_is_given(self) -> None:
        field = Settings.model_fields["submission_malware_scanner"]
        assert field.default is None
