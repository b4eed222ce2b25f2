"""``attest demo``: a whole cohort, played through the HTTP interfaces, then checked."""

from services.cli.demo.command import demo

__all__ = ["demo"]
