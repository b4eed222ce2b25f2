"""A key store opens with the right URL and the right secret, or says what is wrong."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.crypto import KeyEncryptionKeyError, KeyStoreUrlError, open_keystore
from shared.errors import UnavailableError
from tests.support.keys import NOW, SECRET


class TestOpenKeystore:
    @pytest.mark.parametrize(
        "url",
        ["", "keys.db", "sqlite://", "sqlite:///", "sqlite://host", "mysql://h/keys"],
    )
    async def test_refuses_a_url_of_another_form(self, url: str) -> None:
        with pytest.raises(KeyStoreUrlError, match="KEYSTORE_URL"):
            async with open_keystore(SecretStr(url), SECRET):
                pass

    async def test_refuses_a_secret_of_another_length(self, tmp_path: Path) -> None:
        url = SecretStr(f"sqlite:///{tmp_path}/keys.db")

        with pytest.raises(KeyEncryptionKeyError, match="32 random bytes"):
            async with open_keystore(url, SecretStr("c2hvcnQ")):
                pass

        assert not (tmp_path / "keys.db").exists()

    async def test_takes_a_path_relative_to_the_working_directory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)

        async with open_keystore(SecretStr("sqlite:///keys.db"), SECRET) as store:
            await store.key_for("ana", at=NOW)

        assert (tmp_path / "keys.db").is_file()

    async def test_does_not_tell_the_password_of_a_server_that_is_not_there(
        self,
    ) -> None:
        url = SecretStr("postgresql://keys:hunter2@127.0.0.1:1/keys")

        with pytest.raises(UnavailableError) as refused:
            async with open_keystore(url, SECRET):
                pass

        told = f"{refused.value}{refused.value.context}{refused.value.__cause__!r}"
        assert "hunter2" not in told
