"""What each version of the built-in programmes says, as a digest.

After a change that no cohort has seen yet:
``python -m tests.contract.programme_versions``.
"""

import hashlib
import json
from pathlib import Path

from shared.programmes import FOLDER
from shared.programmes.strict_yaml import read_yaml

FILE = Path(__file__).with_suffix(".json")


def current_digests() -> dict[str, str]:
    """Return the SHA-256 of each version's words; comments and layout do not count."""
    digests = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        content = read_yaml(path.read_bytes())
        assert isinstance(content, dict)
        policy = content.pop("policy")
        code = content["code"]
        digests[f"{code} {content['programme_version']}"] = _digest(content)
        digests[f"{code} policy {policy['policy_version']}"] = _digest(policy)
    return digests


def _digest(words: object) -> str:
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    FILE.write_text(json.dumps(current_digests(), indent=2) + "\n")
