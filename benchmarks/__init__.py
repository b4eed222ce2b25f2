"""Each module prints its figure, the peer's, the ratio, and whether the target is met.

Ours and the peer's take turns in one run, so that whatever else the machine does hits
both. ``python -m benchmarks.append``, ``.tail``, ``.replay``; ``--json`` for machines.
"""
