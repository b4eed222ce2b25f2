"""Who takes which review: as many as can be, then balanced, then known, then by lot.

Loaded by a child process only. Costs, each above all that follow:

1. as many reviews as possible are given away, and the oldest before younger ones;
2. the sum of the squares of what everybody then has of the cohort is smallest;
3. as many as possible go to somebody who has read the case before, where they may;
4. a digest of review and reviewer decides, so nobody's turn depends on names.

A reviewer is a column for each review they may still get; the k-th costs what it adds
to the square. Columns of one reviewer cost ever more, so the cheapest are taken first
and the assignment is the min-cost flow. Source: moderation.md, "Reviewing".
"""

import hashlib
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from services.review.domain.allocation.plan import Plan, plan_of
from services.review.domain.allocation.world import World, bonds_in

Numbers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

LOT: Final = 256
"""Values of the digest that breaks ties: all of it is less than one preference."""


def plan(world: World) -> Plan:
    """Return the allocation of *world*; the same world, the same plan."""
    bonds = bonds_in(world)
    may = np.array([[bond is None for bond in row] for row in bonds], dtype=np.bool_)
    shape = (len(world.reviews), len(world.colleagues))
    chosen = _assign(world, may.reshape(shape))
    return plan_of(world, bonds, chosen)


def _assign(world: World, may: Flags) -> list[int | None]:
    chosen: list[int | None] = [None] * len(world.reviews)
    free = np.array([each.free for each in world.colleagues], dtype=np.int64)
    free = np.minimum(free, may.sum(axis=0))
    rows = np.flatnonzero(may[:, free > 0].any(axis=1))
    columns = _balanced(world, may, free, rows)
    if columns is None:
        rows = _takeable(world, may, free)
        columns = _balanced(world, may, free, rows)
    if columns is None:
        raise AssertionError  # what can be taken together can be assigned
    for row, column in zip(rows, columns, strict=True):
        chosen[int(row)] = int(column)
    return chosen


def _takeable(world: World, may: Flags, free: Numbers) -> Numbers:
    """Return the largest set of reviews that can all be given away, oldest first.

    Reviews that can be given away together are a matroid, so weights that fall with
    the age of the review lead to the largest set, and to the oldest in it.
    """
    count = len(world.reviews)
    owner = np.repeat(np.arange(len(free)), free)
    by_age = sorted(
        range(count),
        key=lambda row: (world.reviews[row].submitted_at, world.reviews[row].review_id),
    )
    weight = np.zeros(count, dtype=np.int64)
    weight[by_age] = np.arange(count, 0, -1)
    gain = np.where(may[:, owner], weight[:, None], 0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return np.sort(rows[gain[rows, columns] > 0])


def _balanced(world: World, may: Flags, free: Numbers, rows: Numbers) -> Numbers | None:
    """Return a colleague for each of *rows*; None when not all can be given away.

    At first nobody gets more than twice an even share; while that keeps somebody from
    more, the limit is doubled: one that binds nobody changes nothing.
    """
    if rows.size == 0:
        return rows
    slots = 2 * -(-len(rows) // max(1, int((free > 0).sum())))
    while True:
        limits = np.minimum(free, slots)
        binding = limits < free
        found = _solved(world, may, limits, rows)
        if found is not None:
            gets = np.bincount(found, minlength=len(free))
            binding &= gets == limits
        if not binding.any():
            return found
        slots *= 2


def _solved(world: World, may: Flags, limits: Numbers, rows: Numbers) -> Numbers | None:
    """Return the cheapest colleagues within *limits*; None when some are left out."""
    owner = np.repeat(np.arange(len(limits)), limits)
    if len(owner) < len(rows):
        return None
    has = np.array([each.has for each in world.colleagues], dtype=np.int64)
    place = np.concatenate([np.arange(limit) for limit in limits])
    known = LOT * len(rows)
    weigh = len(rows) * (known + LOT) + 1
    cost = _preferences(world, rows, known)[:, owner]
    cost = cost + (2 * (has[owner] + place) + 1) * weigh
    allowed = np.where(may[rows][:, owner], cost.astype(np.float64), np.inf)
    try:
        _, columns = linear_sum_assignment(allowed)
    except ValueError:  # scipy: "cost matrix is infeasible"
        return None
    return owner[columns]


def _preferences(world: World, rows: Numbers, known: int) -> Numbers:
    """Return what tells two equally balanced allocations apart."""
    names = [each.reviewer_id for each in world.colleagues]
    reviews = [world.reviews[int(row)] for row in rows]
    return np.array(
        [
            [
                _lot(review.review_id, name)
                + (0 if review.is_known_to(name) else known)
                for name in names
            ]
            for review in reviews
        ],
        dtype=np.int64,
    )


def _lot(review_id: str, reviewer_id: str) -> int:
    return hashlib.sha256(f"{review_id}\0{reviewer_id}".encode()).digest()[0]
