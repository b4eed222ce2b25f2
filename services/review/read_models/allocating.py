"""What an allocation is computed from, and whom a review is kept for in vain."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC

import asyncpg

from services.review.domain.allocation.world import Colleague, OpenReview, World
from shared.database import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How much of a cohort each reviewer may have."""

    at_most: int
    for_reviewers: Mapping[str, int] = field(default_factory=dict)
    """Other limits, by reviewer; 0 leaves somebody out."""

    def of(self, reviewer_id: str) -> int:
        """Return how many reviews of the cohort this reviewer may have in all."""
        return self.for_reviewers.get(reviewer_id, self.at_most)


async def world_of(pool: Pool, cohort_id: str, caps: Caps) -> World:
    """Return everything that an allocation of the cohort is computed from."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        reviews = await connection.fetch(
            """
            SELECT review_id, case_id, attempt, participant_id, state, judges,
                   participant_organisation_id, mentor_id, excluded,
                   CASE WHEN NOT given_up(review) THEN only_by END AS only_by,
                   second_attempt_by, submitted_at, holder_id, kept_for, last_holder_id,
                   referred_by, employer_of(review) AS stated_organisation_id
            FROM review WHERE cohort_id = $1 AND state <> 'closed'
            ORDER BY review_id
            """,
            cohort_id,
        )
        reviewers = await connection.fetch(
            """
            SELECT reviewer_id, organisation_id, conflicts, mentees, parts
            FROM reviewer WHERE organisation_id IS NOT NULL AND NOT is_paused
            ORDER BY reviewer_id
            """
        )
    return World(
        cohort_id=cohort_id,
        reviews=_open(reviews),
        colleagues=_colleagues(reviewers, _loads(reviews), caps),
    )


async def dependent(pool: Pool, *, limit: int = 500) -> list[tuple[str, str]]:
    """Return review and reviewer where one seems to be kept for who may not judge."""
    records = await pool.fetch(
        """
        SELECT review.review_id, review.kept_for FROM review
        WHERE review.state IN ('waiting', 'claimed') AND review.kept_for IS NOT NULL
          AND (
              NOT EXISTS (
                  SELECT FROM reviewer AS keeper
                  WHERE keeper.reviewer_id = review.kept_for
                    AND independent(review, keeper)
              )
              OR judged_otherwise(review, review.kept_for)
          )
        ORDER BY review.review_id LIMIT $1
        """,
        limit,
    )
    return [(record["review_id"], record["kept_for"]) for record in records]


def _open(records: Sequence[asyncpg.Record]) -> tuple[OpenReview, ...]:
    judged: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for each in records:
        if each["judges"]:
            judged[each["case_id"]][each["review_id"]] = tuple(each["judges"])
    return tuple(
        OpenReview(
            review_id=each["review_id"],
            case_id=each["case_id"],
            attempt=each["attempt"],
            participant_id=each["participant_id"],
            participant_organisation_id=each["participant_organisation_id"],
            stated_organisation_id=each["stated_organisation_id"],
            mentor_id=each["mentor_id"],
            excluded=tuple(each["excluded"]),
            only_by=each["only_by"],
            second_attempt_by=each["second_attempt_by"],
            submitted_at=each["submitted_at"].astimezone(UTC).isoformat(),
            judged={
                review_id: judges
                for review_id, judges in judged[each["case_id"]].items()
                if review_id != each["review_id"]
            },
            begun_by=each["last_holder_id"],
        )
        for each in records
        if each["state"] == "waiting"
        and each["kept_for"] is None
        and each["referred_by"] is None
    )


def _loads(records: Iterable[asyncpg.Record]) -> Counter[str]:
    """Return how many reviews of the cohort each reviewer has, or has had."""
    loads: Counter[str] = Counter()
    for each in records:
        if each["state"] == "completed":
            loads.update(each["judges"])
        elif owner := each["kept_for"] or each["holder_id"]:
            loads[owner] += 1
    return loads


def _colleagues(
    records: Sequence[asyncpg.Record], loads: Mapping[str, int], caps: Caps
) -> tuple[Colleague, ...]:
    return tuple(
        Colleague(
            reviewer_id=each["reviewer_id"],
            organisation_id=each["organisation_id"],
            conflicts=tuple(sorted(each["conflicts"])),
            mentees=tuple(sorted(each["mentees"])),
            parts=tuple(sorted(each["parts"] or ())),
            has=loads.get(each["reviewer_id"], 0),
            at_most=caps.of(each["reviewer_id"]),
        )
        for each in records
    )
