"""What moderation can be told about the clocks of a case: what everybody is told."""

from typing import TypeAlias

from shared.holds import HoldCommand

StoppingCommand: TypeAlias = HoldCommand
