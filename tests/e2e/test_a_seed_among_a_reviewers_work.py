"""Two cases with definitive marks, from the pool to the report, and nowhere else.

Two portfolios of one cohort are released, and become seeds by the marks of a panel. In
a second cohort, under a plan that places one after every judgement, a reviewer judges
two portfolios and, unknowingly, both seeds: far beside their marks.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from services.cli.client import RefusedError
from services.submission.documents.samples import render_samples
from shared.vocabulary import CRITERIA
from tests.e2e.cohort import ALL_MET, INSUFFICIENT, Cohort, cohort_at, eventually
from tests.e2e.terminal import Terminal
from tests.support.processes import AttestUp

BEFORE, NOW = "ats-source", "ats-seeded"
"""The cohort that the seeds are made of, and the one in which they are placed."""
SAMPLES = ("ats-phases", "ats-workbook")
JUDGE, REVIEWER, COLLEAGUE = "rev-abel", "rev-berta", "rev-curt"
"""Of the first cohort; of the second, with somebody who looks on."""
MODERATOR, LEAD = "mod-dora", "lead-edda"
PANEL = ("mod-finn", "mod-gina", "mod-hans")
LEVELS = {"authenticity": 4, "sufficiency": 3, "reliability": 4}
"""What the panel finds a seed worth."""
STAFF = "\n".join(
    [
        "id,name,email,organisation,roles",
        *(
            f"{who},{who},{who}@office.example,set-office,{role}"
            for group, role in (
                ((JUDGE, REVIEWER, COLLEAGUE), "reviewer"),
                ((MODERATOR, *PANEL), "moderator"),
                ((LEAD,), "lead_moderator"),
            )
            for who in group
        ),
    ]
)
EVERY_TIME = {"rate_ppm": 1_000_000}
OF_EVERY_REVIEW = {"review-allocated"}
"""Letters to whoever judges a case, also when they claim it."""
OF_THE_OFFICE = {"appeals.PartNoted"}
"""Who had a part in a case hears no appeal about it."""
POOL = "/moderation/seeds/ATS"


@dataclass(frozen=True, slots=True)
class Played:
    """What there is to look at when both cohorts are released."""

    cohort: Cohort
    sources: tuple[str, str]
    cases: tuple[str, str]
    """Real ones of the second cohort."""
    seeds: tuple[str, str]
    """Cases that are seeds, in the order in which they came."""
    standings: tuple[str, ...]
    """Of the reviewer, before any seed was compared and after each."""
    released: int
    """Outcomes of the second cohort."""
    judgements: int
    """Of the second cohort, as its draws count them."""

    @property
    def lead(self) -> Any:
        return self.cohort.person(LEAD, "lead_moderator")


@pytest.fixture(scope="module")
def played(
    attest_up: AttestUp, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    directory = tmp_path_factory.mktemp("seeds")
    terminal = Terminal({"ATTEST_URL": attest_up.url})
    (directory / "staff.csv").write_text(STAFF)
    terminal.ask("people", "import", directory / "staff.csv")
    with cohort_at(attest_up.url, BEFORE) as before:
        now = replace(before, cohort_id=NOW)
        before.open()
        now.open()
        before.publish_plan(LEAD)
        now.publish_plan(LEAD, seeds=EVERY_TIME)
        sources = submitted(terminal, directory, BEFORE)
        cases = submitted(terminal, directory, NOW)
        now.pass_the_deadline()
        release_all(before, sources)
        for case_id in sources:
            make_a_seed(before, case_id)
        yield play(now, sources, cases)


def submitted(terminal: Terminal, directory: Path, cohort: str) -> tuple[str, str]:
    """Hand in both samples as two other people's; return the cases."""
    first, second = (
        terminal.ask(
            *("submit", path, "--cohort", cohort),
            *("--email", f"{path.stem}@{cohort}.example"),
        ).row()["case_id"]
        for path in render_samples(directory / cohort, names=SAMPLES)
    )
    return first, second


def release_all(cohort: Cohort, cases: tuple[str, ...]) -> None:
    for case_id in cases:
        cohort.review(case_id, JUDGE, ALL_MET)
    for case_id in cases:
        cohort.moderate(case_id, MODERATOR, ALL_MET)
    assert cohort.release(LEAD) == len(cases)


def make_a_seed(cohort: Cohort, case_id: str) -> None:
    """Let the lead choose a case, and each of the panel judge it alone."""
    lead = cohort.person(LEAD, "lead_moderator")
    words = {
        "case_id": case_id,
        "panel": list(PANEL),
        "permission": "Its author agreed to it in writing.",
    }
    seed_id = lead.post(POOL, words)["seed_id"]
    path = f"{POOL}/{seed_id}"
    for place, person_id in enumerate(PANEL):
        of_the_panel = cohort.person(person_id, "moderator")
        assert of_the_panel.get(f"{path}/portfolio")["sections"]
        assert seed_of(cohort, seed_id)["definitive"] is None
        levels = {**LEVELS, "reliability": 3} if place == 1 else LEVELS
        marks = {"levels": levels, "rationale": dict.fromkeys(CRITERIA, "Well shown.")}
        of_the_panel.post(f"{path}/marks", marks)
    definitive = seed_of(cohort, seed_id)["definitive"]
    assert (definitive["levels"], definitive["outcome"]) == (LEVELS, "CM")


def seed_of(cohort: Cohort, seed_id: str) -> dict[str, Any]:
    pool = cohort.person(LEAD, "lead_moderator").pages(POOL)
    return next(each for each in pool if each["seed_id"] == seed_id)


def play(cohort: Cohort, sources: tuple[str, str], cases: tuple[str, str]) -> Played:
    """Judge each portfolio and the seed that follows it; moderate and release."""
    seeds: list[str] = []
    standings = [standing_of(cohort)]
    for case_id in cases:
        cohort.review(case_id, REVIEWER, ALL_MET)
        seed = eventually(
            lambda: next(iter({*cohort.waiting_for(REVIEWER)} - {*cases}), None),
            "a seed in the queue",
        )
        assert seed not in cohort.waiting_for(COLLEAGUE)
        cohort.review(seed, REVIEWER, INSUFFICIENT)
        seeds.append(seed)
        compare(cohort, len(seeds))
        standings.append(standing_of(cohort))
    for case_id in cases:
        cohort.moderate(case_id, MODERATOR, ALL_MET)
    released = cohort.release(LEAD)
    lead, path = cohort.person(LEAD, "lead_moderator"), f"/moderation/cohorts/{NOW}"
    counts = lead.get(f"{path}/draws")
    lead.post(f"{path}/key")
    one, other = seeds
    return Played(
        cohort=cohort,
        sources=sources,
        cases=cases,
        seeds=(one, other),
        standings=tuple(standings),
        released=released,
        judgements=counts["judgements"],
    )


def compare(cohort: Cohort, count: int) -> None:
    """Go on until the judgement is final, and compared with the marks."""
    cohort.pass_recalls()
    eventually(
        lambda: all(row["judged"] == count for row in on_seeds(cohort)),
        "the seed to be compared",
    )


def on_seeds(cohort: Cohort) -> list[dict[str, Any]]:
    lead = cohort.person(LEAD, "lead_moderator")
    found: list[dict[str, Any]] = lead.get(f"/moderation/cohorts/{NOW}/seeds")[
        "reviewers"
    ]
    return found


def standing_of(cohort: Cohort) -> str:
    lead = cohort.person(LEAD, "lead_moderator")
    found = lead.get(f"/moderation/cohorts/{NOW}/standings")["standings"]
    return next(
        (each["standing"] for each in found if each["person_id"] == REVIEWER), "none"
    )


def facts_of(terminal: Terminal, case_id: str) -> list[str]:
    return [line["type"] for line in terminal.ask("case", case_id).rows()]


class TestSeed:
    """Source: moderation.md 8."""

    def test_shows_that_a_reviewer_marks_far_beside_it(self, played: Played) -> None:
        (row,) = on_seeds(played.cohort)
        counts = row["placed"], row["judged"], row["in_tolerance"]
        assert (row["reviewer_id"], counts) == (REVIEWER, (2, 2, 0))
        shown = [each["seen_by"] for each in played.lead.pages(POOL)]
        assert shown == [1, 1]

    def test_moves_the_charts_and_twice_raises_an_alarm(self, played: Played) -> None:
        assert played.standings == ("none", "probation", "tightened")
        report = played.lead.get(f"/moderation/cohorts/{NOW}/report")
        told = report["seeds"][REVIEWER]
        assert (told["judged"], told["in_tolerance"]) == (2, 0)
        assert (told["another_outcome"], told["level_difference"]) == (2, -6)
        points = report["drift"]["charts"][REVIEWER]["points"]
        assert len(points) == len(played.cases) + len(played.seeds)

    def test_counts_among_nothing_that_is_released(self, played: Played) -> None:
        assert played.released == len(played.cases)
        assert played.judgements == len(played.cases)
        report = played.lead.get(f"/moderation/cohorts/{NOW}/report")
        assert report["counts"]["judgements"] == len(played.cases)

    def test_leaves_draws_that_follow(
        self, played: Played, attest_up: AttestUp
    ) -> None:
        terminal = Terminal({"ATTEST_URL": attest_up.url})
        verdict = terminal.ask("sampling", "verify", "--cohort", NOW).row()
        assert verdict["holds"] is True
        assert verdict["draws"] >= len(played.cases)

    def test_is_a_case_of_which_nobody_hears_an_outcome(
        self, played: Played, attest_up: AttestUp
    ) -> None:
        terminal = Terminal({"ATTEST_URL": attest_up.url})
        listed = {row["case_id"] for row in terminal.ask("cases").rows()}
        letters = terminal.ask("letters").rows()
        for case_id in played.seeds:
            assert case_id not in listed
            about = {e["template"] for e in letters if e["case_id"] == case_id}
            assert about <= OF_EVERY_REVIEW
            told = Counter(facts_of(terminal, case_id))
            assert told["review.Completed"] == told["moderation.SeedAnswered"] == 1
            assert not told["moderation.OutcomeReleased"]
            owners = {type_.partition(".")[0] for type_ in {*told} - OF_THE_OFFICE}
            assert owners <= {"review", "moderation", "notification"}

    def test_is_unknown_to_who_wrote_the_portfolio(self, played: Played) -> None:
        office = played.cohort.office
        rows = office.pages("/submission/cases", cohort=BEFORE)
        people = {row["case_id"]: row["person_id"] for row in rows}
        for source in played.sources:
            who = played.cohort.person(people[source], "participant")
            heard = [
                repr(who.get(path))
                for path in (
                    f"/submission/cases/{source}",
                    f"/submission/cases/{source}/portfolio",
                    f"/operations/own/cases/{source}/timeline",
                    f"/appeals/cases/{source}",
                    "/appeals/appeals",
                    "/viva/vivas",
                )
            ]
            assert not [
                each
                for each in heard
                if any(word in each for word in (*played.seeds, "seed", "Seed"))
            ]
            for case_id in played.seeds:
                with pytest.raises(RefusedError):
                    who.get(f"/operations/own/cases/{case_id}/timeline")
                with pytest.raises(RefusedError):
                    who.get(f"/appeals/cases/{case_id}")

    def test_leaves_nothing_undone_or_done_twice(
        self, played: Played, attest_up: AttestUp
    ) -> None:
        terminal = Terminal({"ATTEST_URL": attest_up.url})
        assert all(found["holds"] for found in terminal.ask("doctor").rows())
