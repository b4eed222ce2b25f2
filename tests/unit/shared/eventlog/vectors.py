"""The test vectors of `docs/event-log.md`, read from there so that it stays true."""

import json
import re
from datetime import datetime
from pathlib import Path
from uuid import UUID

from shared.eventlog import StoredEvent

_DOCUMENT = Path(__file__).parents[4] / "docs" / "event-log.md"


def documented_events() -> list[StoredEvent]:
    """Return the documented events, with the hashes that they must have."""
    found = re.search(r"```json\n(.*?)\n```", _DOCUMENT.read_text(), re.DOTALL)
    assert found is not None
    return [
        StoredEvent(
            position=one["position"],
            event_id=UUID(one["event_id"]),
            stream=one["stream"],
            category=one["category"],
            version=one["version"],
            type=one["type"],
            schema_version=one["schema_version"],
            payload=bytes.fromhex(one["payload"]),
            metadata=bytes.fromhex(one["metadata"]),
            occurred_at=datetime.fromisoformat(one["occurred_at"]),
            recorded_at=datetime.fromisoformat(one["recorded_at"]),
            leaf=bytes.fromhex(one["leaf"]),
            chain=bytes.fromhex(one["chain"]),
        )
        for one in json.loads(found.group(1))
    ]
