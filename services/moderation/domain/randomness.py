"""Public randomness by three parties: all commit, then all reveal.

Invariant: nobody chooses the result. A party is bound to its number before it sees
another's, and the key was committed before any of them.
"""

import hashlib
from collections.abc import Mapping

from services.moderation.domain.sampling import SAMPLER, joined

NONCE_BYTES = 32


def nonce_commitment(cohort_id: str, party: str, nonce: str) -> str:
    """Return what *party* publishes before it reveals *nonce* (64 hex digits).

    SHA-256 over the length-prefixed parts; party and cohort are bound in, so that
    nobody can copy another's commitment.
    """
    parts = (SAMPLER, "nonce", cohort_id, party, bytes.fromhex(nonce))
    return hashlib.sha256(joined(*parts)).hexdigest()


def beacon_of(cohort_id: str, nonces: Mapping[str, str]) -> str:
    """Return the public randomness that the parties' revealed nonces make up."""
    parts: list[str | bytes] = [SAMPLER, "beacon", cohort_id]
    for party in sorted(nonces, key=str.encode):
        parts += [party, bytes.fromhex(nonces[party])]
    return f"commit-reveal:{hashlib.sha256(joined(*parts)).hexdigest()}"
