"""A version of a programme that a case may have pinned keeps saying the same."""

import json

import pytest

from tests.contract.programme_versions import FILE, current_digests

COMMITTED: dict[str, str] = json.loads(FILE.read_text())


@pytest.mark.parametrize("version", sorted(COMMITTED))
class TestVersion:
    """Source: domain.md section 2: a later version never re-interprets."""

    def test_is_still_there(self, version: str) -> None:
        assert version in current_digests(), "put the file back: a case may have it"

    def test_says_what_it_said(self, version: str) -> None:
        assert current_digests()[version] == COMMITTED[version], (
            "keep the file, and change a copy with a higher version"
        )


def test_every_version_is_committed() -> None:
    assert set(current_digests()) == set(COMMITTED)
