"""Plans allocations beside the event loop: one at a time, in a process that ends.

Source: architecture.md, "HTTP, time, drafts": CPU work over 20 ms runs in a bounded
process pool. Allocating is rare, so nothing stays in memory for it.
"""

import asyncio
from functools import partial

from services.review.domain.allocation.plan import Plan
from services.review.domain.allocation.world import World
from shared.workers import Workers


class Planner:
    """Computes who is to judge what."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, world: World) -> Plan:
        """Return the allocation of *world*; the same world, the same plan.

        Raises:
            WorkersLostError: the process that computes it keeps dying.
        """
        async with self._one_at_a_time:
            workers = Workers("allocation")
            try:
                return await workers.run(partial(_plan, world))
            finally:
                await workers.close()


def _plan(world: World) -> Plan:
    """Plan in the child process, which alone loads numpy and scipy."""
    from services.review.assignment.solving import plan  # noqa: PLC0415

    return plan(world)
