"""A missing or malformed setting is named, its value never shown."""

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import CommonSettings, SettingsError, read_settings


class Example(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="EXAMPLE_", hide_input_in_errors=True)

    url: str
    port: int = Field(default=80, le=65_535)


class TestReadSettings:
    def test_reads_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EXAMPLE_URL", "http://127.0.0.1")
        assert read_settings(Example).url == "http://127.0.0.1"

    def test_names_what_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("EXAMPLE_URL", raising=False)
        with pytest.raises(SettingsError) as refused:
            read_settings(Example)
        assert dict(refused.value.context) == {"EXAMPLE_URL": "Field required"}

    def test_names_a_malformed_value_without_showing_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("EXAMPLE_URL", "http://127.0.0.1")
        monkeypatch.setenv("EXAMPLE_PORT", "secret")
        with pytest.raises(SettingsError) as refused:
            read_settings(Example)
        assert list(refused.value.context) == ["EXAMPLE_PORT"]
        assert "secret" not in str(refused.value.context)


GOOD = {
    "DATABASE_URL": "postgresql://review:word@127.0.0.1:5432/attest",
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092,[::1]:9092",
    "KEYSTORE_URL": "sqlite:////var/keys.sqlite3",
    "KEY_ENCRYPTION_KEY": "k" * 43,
    "EVIDENCE_URL": "s3://bucket/prefix",
    "OIDC_ISSUER": "https://issuer.example/dev",
    "SERVICE_TOKEN_SECRET": "s" * 32,
    "SUBMISSION_URL": "http://127.0.0.1:8080/submission",
    "LOG_LEVEL": "info",
}


class TestCommonSettings:
    """Source: house-style.md: no default hides a missing value; each is named."""

    @pytest.fixture(autouse=True)
    def environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in GOOD.items():
            monkeypatch.setenv(name, value)

    def test_are_read_from_the_environment(self) -> None:
        found = read_settings(CommonSettings)
        assert found.log_level == "INFO"
        assert found.evidence_url == GOOD["EVIDENCE_URL"]

    @pytest.mark.parametrize(
        ("name", "value", "remedy"),
        [
            ("DATABASE_URL", "mysql://quillfeather", "postgresql://user"),
            ("KAFKA_BOOTSTRAP_SERVERS", "quillfeather", "host:port"),
            ("KAFKA_BOOTSTRAP_SERVERS", "", "host:port"),
            ("KEYSTORE_URL", "ftp://quillfeather", "sqlite:///path"),
            ("EVIDENCE_URL", "/quillfeather", "file:///path"),
            ("OIDC_ISSUER", "quillfeather", "https://"),
            ("REVIEW_URL", "quillfeather", "http://"),
            ("SERVICE_TOKEN_SECRET", "quillfeather" + "s" * 19, "32 bytes"),
            ("LOG_LEVEL", "quillfeather", "WARNING"),
            ("FETCH_MAX_WAIT_MS", "0", "greater than or equal to 1"),
        ],
    )
    def test_are_refused_by_name_with_the_remedy_alone(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
    ) -> None:
        monkeypatch.setenv(name, value)
        with pytest.raises(SettingsError) as refused:
            read_settings(CommonSettings)
        assert list(refused.value.context) == [name]
        assert remedy in str(refused.value.context[name])
        assert "quillfeather" not in str(refused.value.context)
