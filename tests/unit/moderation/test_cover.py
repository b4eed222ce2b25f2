"""Whether a cohort has independent moderators enough."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.moderation.api.cover import cover_of
from services.moderation.domain.cover import People
from services.moderation.domain.outcomes import FreshReviewWanted
from services.moderation.domain.standing.evolve import Standing
from services.moderation.domain.standing.ladder import Ladder
from services.moderation.read_models import (
    CaseRow,
    ModeratorRow,
    follow_case,
    follow_moderator,
    moderator_of,
)
from shared.eventlog import StoredEvent
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    COHORT,
    NOW,
    blind,
    disputed,
    opened,
)
from tests.unit.moderation.test_standing import noted

EVENT: StoredEvent = StoredEvent.__new__(StoredEvent)
ONE = Standing(frozenset({"moderator"}), "o-elsewhere")
PEOPLE: People = {"p-mod": ONE, "p-mod2": ONE}


def row_after(*facts: object) -> CaseRow:
    row: CaseRow | None = None
    for fact in facts:
        row = follow_case(row, fact, EVENT)  # type: ignore[arg-type]
    assert row is not None
    return row


def short(people: People, *facts: object) -> list[tuple[str, int]]:
    found = cover_of(COHORT, people, [row_after(*(facts or (opened(),)))])
    assert found.is_short == (bool(found.cases) or found.moderators < found.needed)
    return [(each.case_id, each.moderators) for each in found.cases]


class TestCover:
    """Source: moderation.md 4: a second moderator, blind; domain.md section 1."""

    def test_is_enough_with_two_who_have_no_part(self) -> None:
        assert short(PEOPLE) == []
        found = cover_of(COHORT, PEOPLE, [])
        assert (found.moderators, found.is_short) == (2, False)

    @pytest.mark.parametrize(
        "other",
        [
            replace(ONE, organisation_id="o-college"),
            replace(ONE, organisation_id=None),
            replace(ONE, mentees=frozenset({"p-ana"})),
            replace(ONE, roles=frozenset({"lead_moderator"})),
            replace(ONE, stood_down=frozenset({COHORT})),
            replace(ONE, ladders={"moderator": Ladder(standing="paused")}),
            replace(ONE, read_until=NOW + timedelta(days=1)),
        ],
        ids=[
            "of the same organisation",
            "of an unknown one",
            "a mentor",
            "no moderator",
            "stood down",
            "paused",
            "could read it before",
        ],
    )
    def test_is_short_where_one_of_them_may_not_judge(self, other: Standing) -> None:
        assert short({"p-mod": ONE, "p-mod2": other}) == [("c1", 1)]

    @pytest.mark.parametrize("part", ["p-rev", "p-mentor", "p-ana"])
    def test_does_not_count_who_has_a_part(self, part: str) -> None:
        assert short({"p-mod": ONE, part: ONE}) == [("c1", 1)]

    def test_says_the_same_however_many_have_judged(self) -> None:
        assert short(PEOPLE, *disputed()) == []
        alone = {"p-mod": ONE}
        assert short(alone) == short(alone, *disputed()) == [("c1", 1)]

    def test_asks_for_two_more_once_it_is_judged_afresh(self) -> None:
        """Source: domain.md section 1, nobody with any part in an earlier round."""
        settled = row_after(*disputed(), blind(CNM_LEVELS)).model_copy(
            update={"stage": "settled"}
        )
        assert cover_of(COHORT, PEOPLE, [settled]).cases == []
        wanted = follow_case(settled, WANTED, EVENT)
        assert wanted is not None
        (found,) = cover_of(COHORT, PEOPLE, [wanted]).cases
        assert (wanted.stage, found.moderators) == ("wanted", 0)
        more = {**PEOPLE, "p-new": ONE, "p-newer": ONE}
        assert cover_of(COHORT, more, [wanted]).cases == []

    def test_names_organisations_before_anybody_is_judged(self) -> None:
        people = {**PEOPLE, "p-mod3": replace(ONE, organisation_id="o-college")}
        (found,) = cover_of(COHORT, people, []).organisations
        assert (found.organisation_id, found.moderators) == ("o-elsewhere", 1)


WANTED = FreshReviewWanted(
    case_id="c1",
    attempt=1,
    appeal_id="c1.1",
    number=2,
    excluded=("p-rev", "p-mod", "p-mod2"),
    occurred_at=NOW,
)


class TestRows:
    def test_keep_everybody_who_was_made_a_moderator(self) -> None:
        appointed = noted("moderator")
        assert moderator_of(appointed, EVENT) == "p-mod"
        assert follow_moderator(None, appointed, EVENT) == ModeratorRow(
            person_id="p-mod"
        )
        assert moderator_of(noted("lead_moderator"), EVENT) is None

    def test_keep_who_judged_and_when_it_was_judged_first(self) -> None:
        row = row_after(opened(CM_LEVELS), blind(CNM_LEVELS))
        assert (row.judges, row.judged_at) == (["p-mod"], NOW)
