"""An upload on its way in: limited to the byte, and gone afterwards."""

import io
from pathlib import Path

import pytest
from fastapi import UploadFile

from services.submission.api.uploads import PortfolioTooLargeError, received


def upload(size_bytes: int) -> UploadFile:
    return UploadFile(io.BytesIO(b"x" * size_bytes), filename="workbook.docx")


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


class TestReceived:
    async def test_accepts_a_file_at_its_limit_and_removes_it(
        self, tmp_path: Path
    ) -> None:
        """Source: domain.md section 2: limits come from the programme's policy."""
        async with received(upload(1000), tmp_path, 1000) as taken:
            assert taken.path.stat().st_size == 1000
            assert taken.name == "workbook.docx"
            assert list(taken.contents.iterdir()) == []
        assert left_in(tmp_path) == []

    async def test_refuses_one_byte_over_it_and_leaves_nothing(
        self, tmp_path: Path
    ) -> None:
        """Source: domain.md section 2: limits come from the programme's policy."""
        with pytest.raises(PortfolioTooLargeError) as refused:
            async with received(upload(1001), tmp_path, 1000):
                pass
        assert refused.value.context["limit_bytes"] == 1000
        assert left_in(tmp_path) == []
