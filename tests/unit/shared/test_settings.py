"""A missing or malformed setting is named, its value never shown."""

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import SettingsError, read_settings


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
