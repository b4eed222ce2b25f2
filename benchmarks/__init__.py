"""Each module prints its figure, the peer's, the ratio, and whether the target is met.

Ours and the peer's take turns in one run, so that whatever else the machine does hits
both. ``python -m benchmarks`` runs them all and prints one table; each of ``.append``,
``.tail``, ``.replay``, ``.visible`` and ``.starting`` runs alone, too; ``--json`` for
machines.
"""
