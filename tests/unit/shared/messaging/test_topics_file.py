"""``deploy/topics.yaml`` says what the code relies on."""

from pathlib import Path

import yaml

from shared.messaging import OWNERS, PARTITIONS, topic_of
from shared.messaging.relay.producing import LARGEST_BATCH_BYTES

FILE = Path(__file__).parents[4] / "deploy" / "topics.yaml"


class TestTopicsFile:
    def test_agrees_with_the_code(self) -> None:
        said = yaml.safe_load(FILE.read_text())
        assert said["topics"] == [topic_of(owner) for owner in OWNERS]
        assert said["partitions"] == PARTITIONS
        assert said["config"]["min.insync.replicas"] < said["replication_factor"]
        assert said["config"]["max.message.bytes"] > LARGEST_BATCH_BYTES
        assert said["config"]["retention.ms"] == -1
