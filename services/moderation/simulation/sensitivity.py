"""How often charts flag reviewers who mark well, but not quite as the others do.

Alarms are set by good reviewers who are all alike, which people are not. Source:
statistics.md 3.3, "robustness limit", and section 5, claim 8.
"""

from collections.abc import Mapping
from types import MappingProxyType

from services.moderation.simulation.marking import Marking

MILD: Mapping[str, Marking] = MappingProxyType(
    {
        **{
            f"severity {severity:+.2f}": Marking(severity=severity)
            for severity in (-0.05, -0.10, -0.15, -0.20)
        },
        **{f"noise {noise:.2f}": Marking(noise=noise) for noise in (0.40, 0.45, 0.50)},
    }
)
"""Reviewers who differ so little that no alarm would be wanted."""
