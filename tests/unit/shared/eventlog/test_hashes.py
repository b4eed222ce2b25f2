"""The leaf and the chain, against vectors that will never change."""

import hashlib

import pytest

from shared.eventlog import GENESIS_CHAIN, StoredEvent, chain_hash, leaf_hash
from tests.unit.shared.eventlog.vectors import documented_events

EVENTS = documented_events()


class TestLeafHash:
    @pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
    def test_is_the_documented_one(self, event: StoredEvent) -> None:
        assert leaf_hash(event) == event.leaf

    def test_is_made_byte_by_byte_as_documented(self) -> None:
        """Written out once by hand, from the table in the document."""
        event = EVENTS[0]
        fields = (
            "0000000000000001",
            "0197a1b2000080008000000000000001",
            b"case-ana-1".hex(),
            b"case".hex(),
            "0000000000000001",
            b"submission.Enrolled".hex(),
            "0001",
            f"{841_570_200_123_456:016x}",
            f"{841_570_200_125_000:016x}",
            b'{"type":"submission.Enrolled"}'.hex(),
            b'{"actor":"ana"}'.hex(),
        )
        text = "00" + "".join(f"{len(one) // 2:08x}{one}" for one in fields)
        assert hashlib.sha256(bytes.fromhex(text)).digest() == event.leaf


class TestChainHash:
    def test_continues_from_nothing(self) -> None:
        chain = GENESIS_CHAIN
        for event in EVENTS:
            chain = chain_hash(chain, event.leaf)
            assert chain == event.chain
