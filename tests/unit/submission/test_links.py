"""One-time links: made from what they are for, and known again by themselves."""

import pytest
from pydantic import SecretStr

from services.submission.domain.contributing import WrongLinkError
from services.submission.handlers.links import Links
from shared.crypto import Vault
from tests.support.keys import (
    OTHER_SECRET,
    SECRET,
    fixed_clock,
    memory_keystore,
)
from tests.unit.submission.portfolios import EXPIRES, asked, link

URL = "https://attest.example/submission/"


def links(secret: SecretStr = SECRET) -> Links:
    return Links(Vault(memory_keystore(secret=secret), fixed_clock), URL)


class TestLinks:
    def test_lead_to_the_request_they_were_made_for(self) -> None:
        """Source: architecture.md: HMAC(link key, request id, recipient, expiry)."""
        made = links().link("case-1", asked())
        assert made.startswith("https://attest.example/submission/links/")
        presented = links().presented(made.rpartition("/")[2])
        assert presented.case_id == "case-1"
        found = presented.by(link().confirmed)
        assert found == link(expires_at=EXPIRES.replace(microsecond=0))

    @pytest.mark.parametrize(
        "wrong",
        ["", "x", "a.b.c.1.x", "../../readyz", "a.b.c.1." + "A" * 43],
    )
    def test_are_told_from_anything_else(self, wrong: str) -> None:
        """Source: architecture.md, "Personal data"."""
        with pytest.raises(WrongLinkError):
            links().presented(wrong)

    def test_of_another_secret_are_not_ours(self) -> None:
        """Source: architecture.md, "Personal data"."""
        token = links(OTHER_SECRET).link("case-1", asked()).rpartition("/")[2]
        with pytest.raises(WrongLinkError):
            links().presented(token)

    def test_cannot_be_changed_in_any_part(self) -> None:
        """Source: architecture.md: HMAC(link key, request id, recipient, expiry)."""
        token = links().link("case-1", asked()).rpartition("/")[2]
        *parts, mac = token.split(".")
        for place in range(len(parts)):
            changed = [*parts]
            changed[place] += "1"
            with pytest.raises(WrongLinkError):
                links().presented(".".join((*changed, mac)))

    def test_are_found_in_the_path_of_a_request(self) -> None:
        """Source: shared/web/gate.py: a body is read for a link of ours alone."""
        token = links().link("case-1", asked()).rpartition("/")[2]
        assert links().is_held_in(f"/links/{token}")
        assert links().is_held_in(f"/links/{token}/files/plan")
        assert not links().is_held_in(f"/links/{token}x")
        assert not links().is_held_in("/portfolios")
        assert not links().is_held_in(f"/portfolios/links/{token}")
