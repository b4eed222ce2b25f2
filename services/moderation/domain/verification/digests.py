"""Digests as the sampler is documented to make them; see the package."""

import hashlib
import hmac
import json

_NAME = b"mod-sampler/1"


def _packed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in (_NAME, *parts))


def content_hash(value: object) -> str:
    """Return SHA-256 over the JSON of *value*: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def mac(key: bytes, *parts: bytes) -> bytes:
    """Return the keyed digest of *parts*, each behind its length."""
    return hmac.digest(key, _packed(*parts), "sha256")


def digest(*parts: bytes) -> str:
    """Return the digest of *parts*, each behind its length, in hexadecimal."""
    return hashlib.sha256(_packed(*parts)).hexdigest()
