"""The append-only log: append units of work, read and follow streams, change nothing.

Invariant: positions are gapless and in commit order, so a reader needs only
``position > checkpoint``.
"""
