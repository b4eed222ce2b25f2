"""The report of a cohort tells what its events say, and nothing else."""

import csv
import io
import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.moderation.domain.decisions import FeedbackAmended, Rejudged, Upheld
from services.moderation.domain.detection import DETECTION
from services.moderation.domain.draw.events import (
    Drawn,
    ProbabilitySet,
    StandingApplied,
)
from services.moderation.domain.events import Opened
from services.moderation.domain.judgement import Visibility
from services.moderation.domain.outcomes import CaseWithdrawn
from services.moderation.handlers.streams import draw_stream, plan_stream, stream_of
from services.moderation.statistics.reports import (
    Records,
    as_csv,
    as_json,
    records_of,
    report_of,
)
from services.moderation.statistics.reports.fairness import hidden
from services.moderation.statistics.reports.judgements import BlindMark, Judgement
from services.moderation.statistics.reports.linking import parts_of
from services.moderation.statistics.reports.reviewers import official_counts
from services.moderation.statistics.reviewers.overturns import priors_of, rate_of
from shared.decider import Fact
from shared.vocabulary import CRITERIA
from tests.support.moderated import Cohort, Told
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    COHORT,
    NOW,
    PLAN,
    RULES,
    blind,
    judged,
    published,
    sealed,
)


@pytest.fixture(scope="module")
def facts() -> list[Told]:
    return list(Cohort(reviewers=10, each=60).facts())


@pytest.fixture(scope="module")
def report(facts: list[Told]) -> dict[str, Any]:
    return reported(records_of(facts))


def reported(records: Records, log_head: str = "7:ab") -> dict[str, Any]:
    found = report_of(records, cohort_id=COHORT, log_head=log_head)
    return dict(found)


class TestBytes:
    """Source: moderation.md, "Everything is a pure function of the events"."""

    def test_are_the_same_from_the_same_events(
        self, facts: list[Told], report: dict[str, Any]
    ) -> None:
        again = reported(records_of(facts))
        assert as_json(again) == as_json(report)
        assert as_csv(again) == as_csv(report)

    def test_have_other_draws_from_another_log(
        self, facts: list[Told], report: dict[str, Any]
    ) -> None:
        other = reported(records_of(facts), log_head="8:cd")
        assert (
            other["overturns"]["official_rate"]
            == (report["overturns"]["official_rate"])
        )
        kappa = "agreement", "outcome", "cohen_kappa"
        assert at(other, *kappa)["value"] == at(report, *kappa)["value"]
        assert other["agreement"] != report["agreement"]

    def test_name_no_participant_no_case_and_no_text(
        self, report: dict[str, Any]
    ) -> None:
        private = (b"p-ana", b'"c1"', b"feedback of the reviewer", b"o-college")
        for content in (as_json(report), as_csv(report)):
            assert [each for each in private if each in content] == []

    def test_hold_every_number_in_both_forms(self, report: dict[str, Any]) -> None:
        rows = list(csv.DictReader(io.StringIO(as_csv(report).decode())))
        by_path = {row["statistic"]: row for row in rows}
        rate = report["overturns"]["official_rate"]
        row = by_path["overturns/official_rate"]
        assert float(row["value"]) == rate["value"]
        assert float(row["high"]) == rate["interval"]["high"]
        assert len(by_path) == len(rows)
        assert json.loads(as_json(report)) == report

    def test_let_no_spreadsheet_compute_a_text(self) -> None:
        assert as_csv({"setting": "=1+1"}).splitlines()[1] == b"setting,'=1+1"


class TestEstimates:
    def test_say_why_something_of_them_is_missing(self, report: dict[str, Any]) -> None:
        found = list(estimates_of(report))
        assert len(found) > 100
        assert [
            each
            for each in found
            if not each["reason"]
            and None in (each["value"], each["standard_error"], each["interval"])
        ] == []
        assert [each for each in found if each["standard_error"] == 0] == []


class TestCohort:
    def test_counts_what_was_drawn_and_settled(
        self, facts: list[Told], report: dict[str, Any]
    ) -> None:
        records = records_of(facts)
        drawn = [each for each in records.judgements if each.is_selected]
        counts = report["counts"]
        assert counts["judgements"] == 600
        assert counts["drawn"] == counts["settled"] == len(drawn)
        assert counts["overturned"] == sum(each.is_wrong for each in drawn)
        picks = [each for each in drawn if each.is_official]
        assert counts["official_picks"] == len(picks) < len(drawn)

    def test_has_the_official_rate_of_first_and_hidden_judgements(
        self, facts: list[Told], report: dict[str, Any]
    ) -> None:
        picks = [
            each
            for each in records_of(facts).judgements
            if each.is_settled and each.is_official
        ]
        weights = [1 if each.is_first else 10 for each in picks]
        wrong = [
            weight for each, weight in zip(picks, weights, strict=True) if each.is_wrong
        ]
        rate = report["overturns"]["official_rate"]["value"]
        assert rate == pytest.approx(sum(wrong) / sum(weights), abs=1e-6)

    def test_says_how_far_moderators_agree(self, report: dict[str, Any]) -> None:
        moderators = report["overturns"]["agreement_of_moderators"]
        assert moderators["pairs"] > 0
        assert "disputed" in moderators["note"]


class TestBlocks:
    def test_of_a_reviewer_with_another_standing_have_another_size(
        self, facts: list[Told]
    ) -> None:
        change = StandingApplied(
            standing="reduced",
            least_ppm=0,
            block_size=20,
            from_ordinal=31,
            occurred_at=NOW,
        )
        stream = draw_stream(COHORT, "p-rev02")
        records = records_of([*facts, (stream, change)])
        sizes = {
            (each.reviewer_id, each.block_size, each.ordinal > 35)
            for each in records.judgements
            if each.is_block_pick and each.reviewer_id in {"p-rev01", "p-rev02"}
        }
        assert sizes == {
            ("p-rev01", 10, False),
            ("p-rev01", 10, True),
            ("p-rev02", 10, False),
            ("p-rev02", 20, True),
        }


class TestDrawnAgain:
    def test_has_no_weight_because_it_would_count_twice(
        self, facts: list[Told]
    ) -> None:
        before = records_of(facts)
        skipped = next(each for each in before.judgements if not each.is_selected)
        judged_ = skipped.judged
        about = {
            "judgement_id": judged_.judgement_id,
            "case_id": judged_.case_id,
            "attempt": judged_.attempt,
            "occurred_at": NOW,
        }
        stream = draw_stream(COHORT, skipped.reviewer_id)
        again: list[Told] = [
            (
                stream,
                ProbabilitySet(
                    ordinal=skipped.ordinal,
                    probability_ppm=1_000_000,
                    rule="standing",
                    **about,
                ),
            ),
            (
                stream,
                Drawn(ticket="ab" * 32, block_pick=False, selected=True, **about),
            ),
            (
                stream_of(judged_),
                Opened(judged=judged_, criterion_gap=2, occurred_at=NOW),
            ),
            (stream_of(judged_), blind(CNM_LEVELS)),
        ]
        after = records_of([*facts, *again])
        assert len(after.paired) == len(before.paired) + 1
        assert after.sampled == before.sampled
        one, two = reported(before), reported(after)
        assert one["agreement"] == two["agreement"]
        assert one["counts"]["drawn"] + 1 == two["counts"]["drawn"]


class TestReviewers:
    def test_find_the_harsh_one(self, report: dict[str, Any]) -> None:
        people = report["reviewers"]["people"]
        severity = {who: each["severity"]["value"] for who, each in people.items()}
        assert min(severity, key=lambda who: severity[who]) == "p-rev01"
        assert severity["p-rev01"] < -0.4
        assert people["p-rev01"]["overturns"]["chance_over_threshold"] > 0.8

    def test_are_told_by_what_each_pick_stands_for(self, facts: list[Told]) -> None:
        """Source: statistics.md 3.2: weighted counts for reporting."""
        known = records_of(facts)
        changed = [
            replace(each, is_overturned=not each.is_first and each.is_block_pick)
            if each.reviewer_id == "p-rev02" and each.is_settled
            else each
            for each in known.judgements
        ]
        told = reported(replace(known, judgements=tuple(changed)))["reviewers"]
        of_one = told["people"]["p-rev02"]["overturns"]
        picks = of_one["official_picks"]
        hidden_ones, size = picks - 5, 10
        assert of_one["overturned_of_them"] >= hidden_ones
        effective = (5 + size * hidden_ones) ** 2 / (5 + size**2 * hidden_ones)
        share = of_one["official_rate"]["value"]
        people: dict[str, list[Judgement]] = {}
        for each in changed:
            people.setdefault(each.reviewer_id, []).append(each)
        seen = [official_counts(each) for each in people.values()]
        expected = rate_of(
            priors_of(*zip(*seen, strict=True)), share * effective, effective
        ).value
        assert of_one["expected_rate"]["value"] == pytest.approx(expected, abs=1e-4)

    def test_are_no_harsher_for_what_was_drawn_because_they_seemed_so(
        self, facts: list[Told]
    ) -> None:
        """Judgements drawn again, all harsh, have no weight: they are no sample."""
        known = records_of(facts)
        again = [
            replace(
                each,
                is_selected=True,
                blind=(BlindMark("p-mod", dict.fromkeys(CRITERIA, 4), "CM"),),
            )
            if each.reviewer_id == "p-rev02" and not each.is_selected
            else each
            for each in known.judgements
        ]
        before, after = (
            reported(each)["reviewers"]["people"]["p-rev02"]
            for each in (known, replace(known, judgements=tuple(again)))
        )
        assert before["drawn"] < after["drawn"]
        for name in ("severity", "mean_distance", "agreement"):
            assert before[name] == after[name]

    def test_have_no_kappa_from_few_pairs(self, facts: list[Told]) -> None:
        few = [told for told in facts if "p-rev02" in told[0] or "plan" in told[0]]
        streams = {stream_of(fact.judged) for _, fact in few if hasattr(fact, "judged")}
        found = reported(
            records_of([*few, *(told for told in facts if told[0] in streams)])
        )
        agreement = found["reviewers"]["people"]["p-rev02"]["agreement"]
        assert agreement["pairs"] < 40
        assert agreement["cohen_kappa"]["value"] is None
        assert "too few" in agreement["cohen_kappa"]["reason"]
        assert agreement["percent_agreement"]["value"] is not None

    def test_share_the_published_prior_when_they_are_few(self) -> None:
        found = reported(records_of(Cohort(reviewers=3, each=20).facts()))
        assert found["reviewers"]["prior"]["origin"] == "published"


class TestModerators:
    def test_are_told_beside_the_reviewers(self, report: dict[str, Any]) -> None:
        moderators = report["moderators"]
        assert list(moderators) == ["p-mod"]
        assert moderators["p-mod"]["marked"] == report["counts"]["blind_pairs"]
        assert moderators["p-mod"]["severity"]["reason"]


class TestPairs:
    """Source: statistics.md 1.5: blind pairs only."""

    def test_leave_out_who_saw_the_first_mark(self) -> None:
        seen = Visibility(snapshot_sha256="ab" * 32, fields=("case_id", "levels"))
        mark = blind(CM_LEVELS).model_copy(update={"visible": seen})
        assert reported(of_one(mark))["counts"]["blind_pairs"] == 0
        assert reported(of_one(blind(CM_LEVELS)))["counts"]["blind_pairs"] == 1

    def test_leave_out_a_fresh_review_after_an_appeal(self) -> None:
        case = judged(1)
        fresh = judged(2).model_copy(update={"case_id": case.case_id})
        records = of_one(
            blind(CM_LEVELS),
            Upheld(by="agreement", occurred_at=NOW),
            Opened(judged=fresh, criterion_gap=2, occurred_at=NOW),
            blind(CNM_LEVELS),
        )
        (judgement,) = records.judgements
        assert len(judgement.blind) == 1


class TestWrong:
    def test_is_a_judgement_whose_outcome_did_not_stand_after_a_return(self) -> None:
        again = judged(1, levels=CNM_LEVELS)
        records = of_one(
            Rejudged(judged=again, occurred_at=NOW),
            Upheld(by="majority", occurred_at=NOW),
        )
        assert records.judgements[0].is_wrong

    def test_is_not_one_with_better_feedback(self) -> None:
        amended = FeedbackAmended(
            decided_by="p-lead",
            reason=sealed("reason"),
            feedback=sealed("feedback"),
            occurred_at=NOW,
        )
        assert not of_one(amended).judgements[0].is_wrong

    def test_is_not_one_of_somebody_who_has_withdrawn(self) -> None:
        gone = CaseWithdrawn(case_id="c1", attempt=1, withdrawn_at=NOW, occurred_at=NOW)
        found = reported(of_one(gone))["counts"]
        assert (found["withdrawn"], found["settled"]) == (1, 0)


class TestDrift:
    def test_shows_the_charts_that_steered_the_draws(
        self, report: dict[str, Any]
    ) -> None:
        drift = report["drift"]
        assert drift["alarms"]["harsh"] == DETECTION.severity.alarm
        points = drift["charts"]["p-rev01"]["points"]
        raised = [alarm for point in points for alarm in point["alarms"]]
        assert "harsh" in raised
        assert points[-1]["harsh"] > points[0]["harsh"]
        assert drift["judgements_until_a_false_alarm_of_severity"] > 100

    def test_tells_no_judgement_that_was_drawn(self, report: dict[str, Any]) -> None:
        for chart in report["drift"]["charts"].values():
            numbers = [point["number"] for point in chart["points"]]
            assert numbers == list(range(1, len(numbers) + 1))

    def test_shows_when_a_standing_changed(self, facts: list[Told]) -> None:
        change = StandingApplied(
            standing="paused",
            least_ppm=1_000_000,
            block_size=10,
            from_ordinal=61,
            occurred_at=NOW,
        )
        found = reported(records_of([*facts, (draw_stream(COHORT, "p-rev01"), change)]))
        chart = found["drift"]["charts"]["p-rev01"]
        number = len(chart["points"])
        assert chart["standings"] == [{"after_points": number, "standing": "paused"}]

    def test_is_refused_where_the_plan_has_no_charts(self) -> None:
        uncharted = RULES.model_copy(update={"detection": None})
        plan = PLAN.model_copy(update={"rules": uncharted})
        drift = reported(records_of([(plan_stream(COHORT), published(plan))]))["drift"]
        assert drift["charts"] is None
        assert drift["reason"] == "the plan of the cohort has no charts"


class TestErrors:
    def test_of_people_are_told_of_a_linked_cohort(self) -> None:
        records = records_of(Cohort(reviewers=10, each=60).facts())
        found = reported(records)["errors_by_person"]
        assert found["reason"] is None
        assert found["people"]["p-mod"]["says_cnm_where_it_is"] > 0.6

    def test_of_people_are_refused_where_nobody_links_them(
        self, facts: list[Told]
    ) -> None:
        records = records_of(facts)
        apart = tuple(
            replace(
                each,
                blind=tuple(
                    replace(
                        mark, moderator_id=f"{mark.moderator_id}-{each.reviewer_id}"
                    )
                    for mark in each.blind
                ),
            )
            for each in records.judgements
        )
        found = reported(replace(records, judgements=apart))["errors_by_person"]
        assert found["people"] is None
        reason = "not connected: people fall into 10 parts without a link"
        assert found["reason"] == reason
        logits = reported(replace(records, judgements=apart))["severities_in_logits"]
        assert logits == {"people": None, "reason": reason}

    def test_are_refused_where_an_outcome_is_rare(self) -> None:
        found = reported(of_one(blind(CM_LEVELS)))["errors_by_person"]
        assert "too few" in found["reason"]

    def test_leave_severities_in_logits_untold_where_nobody_links_people(self) -> None:
        found = reported(of_one(blind(CM_LEVELS)))["severities_in_logits"]
        assert found == {
            "people": None,
            "reason": "too few: 1 of at least 30 cases judged twice",
        }

    def test_find_the_harsh_one_in_logits(self, report: dict[str, Any]) -> None:
        found = report["severities_in_logits"]
        people = found["people"]
        severity = {who: each["value"] for who, each in people.items()}
        assert max(severity, key=lambda who: severity[who]) == "p-rev01"
        assert people["p-rev01"]["interval"]["low"] > 0
        assert sum(severity.values()) == pytest.approx(0, abs=0.01)

    def test_people_are_linked_by_common_cases(self) -> None:
        groups = [("a", "b"), ("c", "d"), ("b", "e"), ("f",)]
        assert parts_of(groups) == [["a", "b", "e"], ["c", "d"], ["f"]]


class TestFairness:
    """Source: moderation.md, "Fairness report": small-number suppression."""

    def test_compares_groups_of_each_attribute(self, report: dict[str, Any]) -> None:
        fairness = report["fairness"]
        assert list(fairness) == ["setting", "role_context", "adjusted", "attempt"]
        assert set(fairness["setting"]) == {"college", "school", "prison"}
        college = fairness["setting"]["college"]
        assert college["share_met"]["interval"]["low"] > 0
        assert college["overturns"]["value"] > 0
        sizes = [each["judgements"] for each in fairness["setting"].values()]
        assert sum(sizes) == report["counts"]["judgements"]

    def test_says_too_few_where_overturns_of_a_group_are(self) -> None:
        found = reported(records_of(Cohort(reviewers=2, each=6).facts()))
        overturns = found["fairness"]["attempt"]["1"]["overturns"]
        assert overturns["value"] is not None
        few = reported(records_of(Cohort(reviewers=1, each=10).facts()))
        refused = few["fairness"]["attempt"]["1"]["overturns"]
        assert refused["value"] is None
        assert "too few official picks" in refused["reason"]

    def test_lets_no_overturn_follow_from_the_rate_of_the_cohort(
        self, facts: list[Told]
    ) -> None:
        """Four picks alone, less what is told of the others, would be told exactly."""
        known = records_of(facts)
        everybody = {each.judged.judgement_id for each in known.judgements}
        known = with_judged(known, everybody, adjusted=False)
        picks = [each for each in known.judgements if each.is_official]
        adjusted = {
            *(each.judged.judgement_id for each in picks[:4]),
            *(
                each.judged.judgement_id
                for each in known.judgements
                if not each.is_official and each.ordinal > 50
            ),
        }
        found = reported(with_judged(known, adjusted, adjusted=True))
        groups = found["fairness"]["adjusted"]
        assert groups["yes"]["judgements"] == len(adjusted) > 10
        assert groups["no"]["judgements"] is not None
        for name in ("yes", "no"):
            overturns = groups[name]["overturns"]
            assert overturns["value"] is overturns["interval"] is None
            assert "too few official picks" in overturns["reason"]
            assert "4" not in overturns["reason"]

    def test_counts_who_tried_twice_once(self, facts: list[Told]) -> None:
        known = records_of(facts)
        few = [each.judged.judgement_id for each in known.judgements[:12]]
        apart = with_judged(known, few, fairness={"setting": "ship"})
        ship = reported(apart)["fairness"]["setting"]["ship"]
        assert ship["judgements"] == 12
        same = replace(
            apart,
            judgements=tuple(
                replace(
                    each,
                    judged=each.judged.model_copy(update={"case_id": f"s{place // 2}"}),
                )
                if place < 12
                else each
                for place, each in enumerate(apart.judgements)
            ),
        )
        assert reported(same)["fairness"]["setting"]["ship"]["judgements"] is None

    @pytest.mark.parametrize(("again", "told"), [(6, None), (12, 12), (0, 0)])
    def test_tells_no_size_of_a_hidden_attempt_among_the_counts(
        self, facts: list[Told], again: int, told: int | None
    ) -> None:
        known = records_of(facts)
        few = [each.judged.judgement_id for each in known.judgements[:again]]
        found = reported(with_judged(known, few, attempt=2))
        assert found["counts"]["resubmissions"] == told

    @pytest.mark.parametrize(
        ("sizes", "unseen"),
        [
            ({"a": 50, "b": 40}, set()),
            ({"a": 50, "b": 40, "c": 9}, {"b", "c"}),
            ({"a": 50, "b": 6, "c": 9}, {"b", "c"}),
            ({"a": 50, "b": 3, "c": 4}, {"a", "b", "c"}),
            ({"a": 50, "b": 9}, {"a", "b"}),
            ({"a": 5}, {"a"}),
            ({"a": 50, "b": 0}, set()),
        ],
    )
    def test_lets_no_group_follow_from_the_total(
        self, sizes: dict[str, int], unseen: set[str]
    ) -> None:
        members = {
            name: [f"{name}{each}" for each in range(size)]
            for name, size in sizes.items()
        }
        assert hidden(members) == unseen

    def test_counts_those_hidden_together_once(self) -> None:
        everybody = [str(each) for each in range(50)]
        sizes = {"1": everybody, "2": everybody[:8], "3": everybody[:7]}
        assert hidden(sizes) == {"1", "2", "3"}

    def test_hides_another_beside_one_that_is_unseen_anyway(self) -> None:
        sizes = {each: [f"{each}{place}" for place in range(30)] for each in "abc"}
        assert hidden(sizes, unseen={"b"}) == {"a", "b"}
        assert hidden(sizes, unseen={"b", "c"}) == {"b", "c"}

    def test_hides_all_numbers_of_a_hidden_group(self) -> None:
        found = reported(of_one(blind(CM_LEVELS)))["fairness"]["setting"]["college"]
        assert found["judgements"] is found["share_met"] is found["overturns"] is None
        assert "fewer than 10" in found["reason"]


class TestNothing:
    def test_is_reported_with_its_reasons(self) -> None:
        found = reported(records_of([(plan_stream(COHORT), published())]))
        assert found["counts"]["judgements"] == 0
        assert found["overturns"]["official_rate"]["reason"] == "nothing was moderated"
        assert found["agreement"]["outcome"]["percent_agreement"]["value"] is None
        assert as_csv(found)


def of_one(*facts: Fact) -> Records:
    """Return the records of one drawn judgement and what followed in its case."""
    told = list(Cohort(reviewers=1, each=1).facts())
    case = judged(1)
    kept = [each for each in told if each[0] != stream_of(case)]
    opened = Opened(judged=case, criterion_gap=2, occurred_at=NOW)
    return records_of([*kept, *((stream_of(case), fact) for fact in (opened, *facts))])


def with_judged(
    records: Records, about: Collection[UUID], **changes: object
) -> Records:
    """Return *records* in which the judgements *about* these were told otherwise."""
    changed = tuple(
        replace(each, judged=each.judged.model_copy(update=changes))
        if each.judged.judgement_id in about
        else each
        for each in records.judgements
    )
    return replace(records, judgements=changed)


def estimates_of(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every estimate in *part* of a report."""
    if not isinstance(part, dict):
        return
    if part.keys() == {"value", "standard_error", "interval", "reason"}:
        yield part
    for each in part.values():
        yield from estimates_of(each)


def at(report: dict[str, Any], *names: str) -> Any:
    found: Any = report
    for name in names:
        found = found[name]
    return found
