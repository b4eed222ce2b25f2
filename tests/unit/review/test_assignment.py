"""The allocation of a cohort: complete, balanced, the same every time."""

from collections import Counter
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.review.assignment.solving import plan
from services.review.domain.allocation.plan import Plan
from services.review.domain.allocation.world import (
    Colleague,
    OpenReview,
    World,
    bonds_in,
)


def a_review(number: int = 1, **changes: Any) -> OpenReview:
    known: dict[str, Any] = {
        "review_id": f"case-{number}.1.1",
        "case_id": f"case-{number}",
        "attempt": 1,
        "participant_id": f"p-{number}",
        "participant_organisation_id": "north-college",
        "mentor_id": None,
        "excluded": (),
        "second_attempt_by": "another-reviewer",
        "submitted_at": f"2026-03-30T14:00:{number:02}+00:00",
        "judged": {},
        "begun_by": None,
    }
    return OpenReview(**known | changes)


def a_colleague(name: str = "rita", **changes: Any) -> Colleague:
    known: dict[str, Any] = {
        "reviewer_id": name,
        "organisation_id": "south-college",
        "conflicts": (),
        "mentees": (),
        "has": 0,
        "at_most": 40,
    }
    return Colleague(**known | changes)


def world(reviews: Any, colleagues: Any) -> World:
    return World(cohort_id="ats", reviews=tuple(reviews), colleagues=tuple(colleagues))


def shares(found: Plan) -> dict[str, int]:
    return {each.reviewer_id: each.has + each.gets for each in found.shares}


def owners(found: Plan) -> dict[str, str]:
    return {each.review_id: each.reviewer_id for each in found.given}


class TestPlan:
    """Source: moderation.md, "Reviewing": balanced load, caps, exclusions."""

    def test_gives_everybody_the_same_share(self) -> None:
        found = plan(world(map(a_review, range(12)), map(a_colleague, "abc")))
        assert shares(found) == {"a": 4, "b": 4, "c": 4}
        assert found.left_over == ()

    def test_counts_what_somebody_has_already(self) -> None:
        people = [a_colleague("a", has=5), a_colleague("b"), a_colleague("c", has=1)]
        assert shares(plan(world(map(a_review, range(6)), people))) == {
            "a": 5,
            "b": 4,
            "c": 3,
        } or shares(plan(world(map(a_review, range(6)), people))) == {
            "a": 5,
            "b": 3,
            "c": 4,
        }

    def test_gives_nobody_more_than_they_may_have(self) -> None:
        people = [a_colleague("a", at_most=2, has=1), a_colleague("b", at_most=0)]
        found = plan(world(map(a_review, range(3)), people))
        assert shares(found) == {"a": 2, "b": 0}
        assert owners(found) == {"case-0.1.1": "a"}, "the oldest is given away first"
        assert [dict(each.reasons) for each in found.left_over] == [{"Full": 2}] * 2

    @pytest.mark.parametrize(
        ("review", "colleague", "bond"),
        [
            ({}, {"organisation_id": "north-college"}, "OwnOrganisation"),
            ({"mentor_id": "rita"}, {}, "OwnMentee"),
            ({}, {"mentees": ("p-1",)}, "OwnMentee"),
            ({"participant_id": "rita"}, {}, "OwnWork"),
            ({}, {"conflicts": ("case:case-1",)}, "DeclaredConflict"),
            ({}, {"conflicts": ("person:p-1",)}, "DeclaredConflict"),
            ({"excluded": ("rita",)}, {}, "EarlierPart"),
            ({"judged": {"case-1.2.1": ("rita",)}}, {}, "EarlierPart"),
        ],
        ids=str,
    )
    def test_says_why_nobody_can_take_a_review(
        self, review: Any, colleague: Any, bond: str
    ) -> None:
        """Source: domain.md section 1."""
        found = plan(world([a_review(1, **review)], [a_colleague(**colleague)]))
        assert [dict(each.reasons) for each in found.left_over] == [{bond: 1}]
        assert found.given == ()

    def test_prefers_who_has_read_the_case_where_the_policy_lets_them(self) -> None:
        """After balance: everybody gets one, the second attempt goes to its judge."""
        again = a_review(
            1,
            attempt=2,
            review_id="case-1.2.1",
            second_attempt_by="any-reviewer",
            judged={"case-1.1.1": ("zoe",)},
        )
        begun = a_review(2, begun_by="adam")
        people = map(a_colleague, ["adam", "mia", "zoe"])
        found = owners(plan(world([a_review(3), again, begun], people)))
        assert found == {"case-1.2.1": "zoe", "case-2.1.1": "adam", "case-3.1.1": "mia"}

    def test_finds_the_only_way_that_takes_everything(self) -> None:
        """Whoever may judge anything makes room for who may judge one thing only."""
        only = a_review(1, participant_organisation_id="west")
        other = a_review(2)
        people = [a_colleague("a", at_most=1), a_colleague("b", at_most=1)]
        people[1] = replace(people[1], organisation_id="west")
        found = owners(plan(world([other, only], people)))
        assert found == {"case-1.1.1": "a", "case-2.1.1": "b"}

    def test_is_empty_where_there_is_nothing_or_nobody(self) -> None:
        assert plan(world([], [a_colleague()])).given == ()
        found = plan(world([a_review()], []))
        assert (found.given, dict(found.left_over[0].reasons)) == ((), {})

    def test_goes_beyond_twice_an_even_share_where_it_must(self) -> None:
        """One reviewer alone may judge most of it."""
        people = [a_colleague("a"), *(a_colleague(each) for each in "bcde")]
        people[1:] = [
            replace(each, organisation_id="north-college") for each in people[1:]
        ]
        found = plan(world(map(a_review, range(20)), people))
        assert shares(found) == {"a": 20, "b": 0, "c": 0, "d": 0, "e": 0}

    @given(
        may=st.lists(
            st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=5
        ),
        caps=st.tuples(*[st.integers(0, 3)] * 3),
        has=st.tuples(*[st.integers(0, 2)] * 3),
    )
    def test_is_as_good_as_the_best_of_all_ways(
        self, may: list[list[bool]], caps: tuple[int, ...], has: tuple[int, ...]
    ) -> None:
        reviews = [
            a_review(
                number,
                excluded=tuple(n for n, ok in zip("abc", row, strict=True) if not ok),
            )
            for number, row in enumerate(may)
        ]
        people = [
            a_colleague(name, at_most=cap, has=had)
            for name, cap, had in zip("abc", caps, has, strict=True)
        ]
        found = plan(world(reviews, people))
        taken = [each.review_id for each in found.given]
        best = max(_ways(may, caps, has))
        assert (_oldest(reviews, taken), -_squares(found)) == best

    def test_is_the_same_whatever_else_happens_in_the_process(self) -> None:
        """Names do not decide whose turn it is: a digest does."""
        seen = world(map(a_review, range(30)), map(a_colleague, "abcdefg"))
        assert plan(seen) == plan(seen)
        counts = Counter(each.reviewer_id for each in plan(seen).given)
        assert sorted(counts.values()) == [4, 4, 4, 4, 4, 5, 5]
        assert owners(plan(seen))["case-0.1.1"] == "e"


class TestDigest:
    def test_changes_with_anything_it_is_computed_from(self) -> None:
        seen = world([a_review()], [a_colleague()])
        others = [
            world([a_review(mentor_id="rita")], [a_colleague()]),
            world([a_review()], [a_colleague(has=1)]),
            world([a_review()], [a_colleague(at_most=39)]),
            world([a_review()], [a_colleague(), a_colleague("sam")]),
            replace(seen, cohort_id="qtls"),
        ]
        digests = {each.digest() for each in (seen, *others)}
        assert len(digests) == 1 + len(others)
        assert plan(seen).based_on == seen.digest()


def _ways(
    may: list[list[bool]], caps: tuple[int, ...], has: tuple[int, ...]
) -> list[tuple[tuple[bool, ...], int]]:
    """Return every way as what is taken, oldest first, and how unbalanced it is."""
    ways = []
    for choice in product([None, 0, 1, 2], repeat=len(may)):
        counts = [had + choice.count(who) for who, had in enumerate(has)]
        fits = all(counts[who] <= max(caps[who], has[who]) for who in range(len(caps)))
        allowed = all(
            who is None or row[who] for who, row in zip(choice, may, strict=True)
        )
        if fits and allowed:
            taken = tuple(who is not None for who in choice)
            ways.append(((sum(taken), taken), -sum(each**2 for each in counts)))
    return ways  # type: ignore[return-value]


def _oldest(reviews: list[OpenReview], taken: list[str]) -> Any:
    flags = tuple(each.review_id in taken for each in reviews)
    return (sum(flags), flags)


def _squares(found: Plan) -> int:
    return sum((each.has + each.gets) ** 2 for each in found.shares)


def test_knows_for_whom_a_participant_works_by_now() -> None:
    """Source: domain.md section 1: never someone from their own organisation."""
    moved = a_review(1, stated_organisation_id="south-college")
    reviews = (moved, a_review(2))
    world = World(cohort_id="c", reviews=reviews, colleagues=(a_colleague(),))
    assert bonds_in(world) == (("OwnOrganisation",), (None,))
