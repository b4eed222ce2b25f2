"""``deploy/configure``: secrets made once, kept, and readable by their owner alone."""

import base64
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

CONFIGURE = Path(__file__).parents[3] / "deploy" / "configure"
REAL = {
    "PUBLIC_URL": "https://attest.example.org",
    "OIDC_ISSUER": "https://issuer.example.org",
    "SMTP_URL": "smtp://mail.example.org:587",
    "MAIL_FROM_ADDRESS": "awards@example.org",
}
PATH = "/usr/local/bin:/usr/bin:/bin"


def configure(
    file: Path, *options: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(CONFIGURE), *options],
        env={"PATH": PATH, "ATTEST_ENV_FILE": str(file), **variables},
        capture_output=True,
        check=False,
        text=True,
    )


def settings_in(file: Path) -> dict[str, str]:
    lines = (line.partition("=") for line in file.read_text().splitlines())
    return {name: value for name, _, value in lines}


def secrets_among(settings: Mapping[str, str]) -> dict[str, str]:
    ends = ("_PASSWORD", "_SECRET", "_KEY")
    return {name: value for name, value in settings.items() if name.endswith(ends)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "env"


class TestConfigure:
    def test_makes_each_secret_of_32_bytes_and_none_twice(self, file: Path) -> None:
        assert configure(file, "--demonstration").returncode == 0
        secrets = secrets_among(settings_in(file))
        assert {"KEY_ENCRYPTION_KEY", "OWNER_PASSWORD"} <= set(secrets)
        assert {len(base64.urlsafe_b64decode(one)) for one in secrets.values()} == {32}
        assert len(set(secrets.values())) == len(secrets)
        assert file.stat().st_mode & 0o777 == 0o600

    def test_keeps_what_is_there_and_adds_what_is_new(self, file: Path) -> None:
        configure(file, "--demonstration")
        kept = settings_in(file)
        lines = file.read_text().splitlines()
        lines = [one for one in lines if not one.startswith("VIVA_PASSWORD=")]
        file.write_text("\n".join([*lines, ""]))
        assert configure(file, "--demonstration", LOG_LEVEL="DEBUG").returncode == 0
        again = settings_in(file)
        assert again.pop("LOG_LEVEL") == "DEBUG"
        assert again.pop("VIVA_PASSWORD") != kept.pop("VIVA_PASSWORD")
        assert again == kept

    def test_lets_nothing_stand_in_for_what_is_real(self, file: Path) -> None:
        assert configure(file, **REAL).returncode == 0
        settings = settings_in(file)
        assert {name: settings[name] for name in REAL} == REAL
        assert {"COMPOSE_PROFILES", "MIGRATE_OPTIONS"}.isdisjoint(settings)

    @pytest.mark.parametrize("missing", REAL)
    def test_names_what_is_missing(self, file: Path, missing: str) -> None:
        given = {name: value for name, value in REAL.items() if name != missing}
        told = configure(file, **given)
        assert told.returncode == 1
        assert f"say {missing}=..., or --demonstration" in told.stderr

    def test_takes_no_value_that_would_be_two(self, file: Path) -> None:
        told = configure(file, **{**REAL, "MAIL_FROM_NAME": "A\nOIDC_ISSUER=http://x"})
        assert told.returncode == 1
        assert "MAIL_FROM_NAME holds a line break" in told.stderr
