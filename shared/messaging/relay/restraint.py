"""How soon one generation may follow another."""

from dataclasses import dataclass

CALM_SECONDS = 300.0
"""After so long without a new generation the next one begins at once again."""

LONGEST_PAUSE_SECONDS = 60.0


@dataclass(slots=True)
class Restraint:
    """Keeps a broker that breaks again and again from being filled without end."""

    begun_at: float | None = None
    next_pause_seconds: float = 0.0

    def pause_seconds(self, now: float) -> float:
        """Return how long to wait before the generation that would begin *now*.

        The first begins at once; one that follows soon waits for longer each time.
        """
        if self.begun_at is None or now - self.begun_at > CALM_SECONDS:
            self.next_pause_seconds = 0.0
        pause = self.next_pause_seconds
        self.begun_at = now + pause
        self.next_pause_seconds = min(max(2 * pause, 1.0), LONGEST_PAUSE_SECONDS)
        return pause
