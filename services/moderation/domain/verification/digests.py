"""Digests as the sampler is documented to make them; see the package."""

import hashlib
import hmac

_NAME = b"mod-sampler/1"


def _packed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in (_NAME, *parts))


def mac(key: bytes, *parts: bytes) -> bytes:
    """Return the keyed digest of *parts*, each behind its length."""
    return hmac.digest(key, _packed(*parts), "sha256")


def digest(*parts: bytes) -> str:
    """Return the digest of *parts*, each behind its length, in hexadecimal."""
    return hashlib.sha256(_packed(*parts)).hexdigest()
