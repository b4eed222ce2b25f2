"""What the doctor makes of what the services tell."""

from services.cli.client import SERVICES
from services.cli.upkeep import alike

SAME = {
    name: {"ATS version 2025.1": "a", "QTLS version 2025.1": "b"} for name in SERVICES
}


class TestAlike:
    """Source: domain.md section 2: a case is under one version, whoever reads it."""

    def test_holds_when_every_service_has_read_the_same(self) -> None:
        assert alike(SAME) == (True, "2 versions")

    def test_names_the_version_that_one_service_reads_otherwise(self) -> None:
        edited = {**SAME, "review": {**SAME["review"], "ATS version 2025.1": "c"}}
        holds, found = alike(edited)
        assert not holds
        assert "ATS version 2025.1" in found
        assert "QTLS" not in found

    def test_names_the_version_that_one_service_lacks(self) -> None:
        lacking = {**SAME, "appeals": {"ATS version 2025.1": "a"}}
        holds, found = alike(lacking)
        assert not holds
        assert "QTLS version 2025.1" in found
