"""Anybody can check published draws with Python alone, and a forged one is named."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from services.moderation import verify_draw
from services.moderation.domain.draw.events import (
    DrawEvent,
    JudgementReceived,
)
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.plan.decide import plan_hash
from services.moderation.domain.plan.events import PlanEvent
from services.moderation.domain.plan.refusals import KeySecretError
from services.moderation.domain.sampling import seed_of
from services.moderation.domain.verification.export import export_of
from services.moderation.handlers import Exports
from shared.errors import NotFoundError
from tests.unit.moderation.examples import (
    BEACON,
    CM_LEVELS,
    CNM_LEVELS,
    COHORT,
    KEY,
    NOW,
    PLAN,
    RULES_OF_VERSION_1,
)
from tests.unit.moderation.forging import (
    Told,
    finding,
    flipped,
    forged,
    leaves,
    missed,
    read,
    resealed,
    words_of,
)
from tests.unit.moderation.simulation.test_what_if import ordered
from tests.unit.moderation.test_verification import history, plan_facts
from tests.unit.moderation.test_whole import overturning
from tests.unit.moderation.world import World

SCRIPT = Path(verify_draw.__file__)


def exported(count: int = 24) -> Told:
    """Return two reviewers' draws, as they lie in one log; the last after the close."""
    draws = {
        "p-rev": history("p-rev", count, watched=True),
        "p-two": history("p-two", count, after=100),
    }
    cut = {name: last_arrival(facts) for name, facts in draws.items()}
    position = iter(range(1, 10_000))
    plan = [(next(position), fact) for fact in plan_facts()[:-1]]
    early = {n: [(next(position), f) for f in draws[n][: cut[n]]] for n in draws}
    plan.append((next(position), plan_facts()[-1]))
    late = {n: [(next(position), f) for f in draws[n][cut[n] :]] for n in draws}
    return export_of(plan, {n: early[n] + late[n] for n in draws})


def last_arrival(facts: Sequence[DrawEvent]) -> int:
    return max(n for n, f in enumerate(facts) if isinstance(f, JudgementReceived))


EXPORT = read(exported())
DRAWS = [fact for fact in EXPORT["facts"] if fact["fact"] == "draw"]
HEADER = [path for path in leaves(EXPORT) if path[0] not in {"facts", "format"}]


class TestVerifyDraw:
    """Source: statistics.md 2.9, step 6; section 5, claim 5."""

    def test_confirms_an_honest_export(self) -> None:
        told = verify_draw.check(deepcopy(EXPORT))
        assert told.startswith(f"{len(EXPORT['facts'])} draws follow")
        rules = {fact["rule"] for fact in EXPORT["facts"]}
        assert rules >= {"first_judgements", "adaptive", "key_revealed", "widened"}
        assert "changed_after_recall" in rules
        assert {fact["again"] for fact in EXPORT["facts"]} == {
            *(None, "changed", "widened")
        }

    def test_names_the_very_fact_in_which_anything_was_flipped(self) -> None:
        assert missed(EXPORT) == []

    @pytest.mark.parametrize(
        "field",
        [
            *("judgement", "ordinal", "block"),
            *("probability_ppm", "rule", "ticket", "block_pick", "selected"),
        ],
    )
    def test_names_it_even_where_all_digests_were_made_to_fit(self, field: str) -> None:
        assert missed(EXPORT, field) == []

    @pytest.mark.parametrize(
        "field",
        ["ordinal", "probability_ppm", "rule", "ticket", "block_pick", "selected"],
    )
    def test_says_what_was_expected(self, field: str) -> None:
        for place, fact in enumerate(EXPORT["facts"]):
            told = finding(resealed(forged(EXPORT, ("facts", place, field)))) or ""
            assert f"{field} is {flipped(fact[field])}, expected {fact[field]}" in told

    def test_finds_another_reviewer_even_with_digests_that_fit(self) -> None:
        """Of a first judgement it is the second that has no first any more."""
        for place in range(len(EXPORT["facts"])):
            told = forged(EXPORT, ("facts", place, "reviewer"))
            assert "expected" in (finding(resealed(told)) or "")

    @pytest.mark.parametrize("path", HEADER, ids=lambda path: ".".join(map(str, path)))
    def test_finds_any_change_above_the_facts(self, path: tuple[Any, ...]) -> None:
        told = forged(EXPORT, path)
        if path != ("sha256",):
            told = resealed(told)
        with pytest.raises((SystemExit, LookupError, ValueError)):
            verify_draw.check(told)

    def test_names_a_floor_of_the_plan_that_was_not_asked_for(self) -> None:
        """Whatever the export says was asked, the plan's own part is known."""
        place, fact = next(
            (place, fact)
            for place, fact in enumerate(EXPORT["facts"])
            if fact["rule"] == "cnm_floor"
        )
        told = deepcopy(EXPORT)
        less = [each for each in fact["asked"] if each[0] != "cnm_floor"]
        told["facts"][place]["asked"] = less
        found = finding(resealed(told)) or ""
        assert found.startswith(f"{words_of(fact)}: asked is {less}, expected ")
        assert "['cnm_floor', 250000]" in found

    def test_names_a_later_judgement_that_is_called_one_of_the_first(self) -> None:
        """So a forger would have moderated whom they like."""
        for place, fact in enumerate(EXPORT["facts"]):
            if not fact["selected"]:
                told = deepcopy(EXPORT)
                told["facts"][place] |= {
                    "asked": [["first_judgements", 1_000_000], *fact["asked"]],
                    "probability_ppm": 1_000_000,
                    "rule": "first_judgements",
                    "selected": True,
                }
                assert (finding(resealed(told)) or "").startswith(words_of(fact))

    @pytest.mark.parametrize("field", ["probability_ppm", "ticket", "asked", "block"])
    @pytest.mark.parametrize("value", [None, "", "250000", [["block", "1"]], {}])
    def test_names_the_decision_in_which_a_value_is_of_another_kind(
        self, field: str, value: object
    ) -> None:
        for place, fact in enumerate(EXPORT["facts"]):
            told = deepcopy(EXPORT)
            told["facts"][place][field] = value
            with pytest.raises((SystemExit, ValueError)) as found:
                verify_draw.check(told)
            assert str(found.value).startswith(words_of(fact))

    def test_names_a_criterion_not_met_that_was_made_one_that_was(self) -> None:
        for place, fact in enumerate(EXPORT["facts"]):
            if fact["judged"]["outcome"] == "CNM":
                told = deepcopy(EXPORT)
                told["facts"][place]["judged"]["outcome"] = "CM"
                assert (finding(resealed(told)) or "").startswith(words_of(fact))

    def test_names_a_block_of_a_size_that_the_plan_does_not_have(self) -> None:
        """Each of a thousand would have one hidden pick, and nothing would be found."""
        told = deepcopy(EXPORT)
        for fact in told["facts"]:
            if fact["block"]["number"] == 0:
                fact["block"]["size"] = 1_000
                fact["asked"] = [
                    [rule, 1_000 if rule == "block" else ppm]
                    for rule, ppm in fact["asked"]
                ]
        found = finding(resealed(told)) or ""
        assert ": block is " in found
        assert "'size': 10}" in found.partition(", expected ")[2]

    def test_finds_a_draw_that_was_left_out(self) -> None:
        for place, fact in enumerate(EXPORT["facts"][:-2]):
            told = deepcopy(EXPORT)
            del told["facts"][place]
            assert finding({**told, "sha256": EXPORT["sha256"]}) is not None
            if fact["fact"] == "draw" and fact["again"] is None:
                later = [each["reviewer"] for each in told["facts"][place:]]
                found = finding(resealed(told))
                assert (found is None) == (fact["reviewer"] not in later)

    def test_finds_a_draw_repeated_until_it_fits(self) -> None:
        for place, fact in enumerate(EXPORT["facts"]):
            told = deepcopy(EXPORT)
            told["facts"].insert(place + 1, {**fact, "again": "widened"})
            found = (
                f"{words_of(fact)}: judgement is {fact['judgement']}, expected another"
            )
            assert (finding(resealed(told)) or "").startswith(found)

    def test_finds_two_judgements_that_changed_places(self) -> None:
        of_one = [
            n for n, each in enumerate(EXPORT["facts"]) if each["reviewer"] == "p-rev"
        ]
        for one, other in pairwise(of_one):
            told = deepcopy(EXPORT)
            facts = told["facts"]
            facts[one], facts[other] = facts[other], facts[one]
            if facts[one]["judgement"] != facts[other]["judgement"]:
                assert finding(told) is not None

    def test_names_a_judgement_that_was_never_drawn(self) -> None:
        facts = history("p-rev", 12)[:-3]
        received = next(
            fact for fact in reversed(facts) if isinstance(fact, JudgementReceived)
        )
        undrawn = facts[: facts.index(received) + 1]
        told = read(alone(undrawn, plan_facts()))
        place = f"judgement {received.ordinal} ({received.judged.judgement_id})"
        assert (finding(told) or "").startswith(f"draw of p-rev, {place}: asked")

    def test_names_a_draw_of_what_never_arrived(self) -> None:
        facts = history("p-rev", 12)
        name = facts[0].judged.judgement_id  # type: ignore[union-attr]
        assert str(name) in (finding(read(alone(facts[1:], plan_facts()))) or "")

    def test_follows_a_plan_of_version_1(self) -> None:
        """Its floors have other names, so the export alone says what they asked."""
        old = PLAN.model_copy(update={"plan_version": 1, "rules": RULES_OF_VERSION_1})
        sampler = Sampler(
            rules=RULES_OF_VERSION_1.as_rules(),
            seed=seed_of(KEY, beacon=BEACON, plan_hash=plan_hash(old)),
            published_at=NOW,
        )
        told = read(alone(history("p-rev", sampler=sampler), plan_facts(plan=old)))
        assert "cnm_floor" in {fact["rule"] for fact in told["facts"]}
        assert finding(told) is None
        assert missed(told, "selected") == []


def alone(facts: Sequence[DrawEvent], plan: Sequence[PlanEvent]) -> Told:
    """Return the export of one reviewer's draws."""
    placed = [(len(plan) + n, fact) for n, fact in enumerate(facts)]
    return export_of([*enumerate(plan)], {"p-rev": placed})


class TestScript:
    """It needs nothing but Python: no package, no site, no project."""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", "-S", str(SCRIPT), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )

    def test_confirms_an_honest_export(self, tmp_path: Path) -> None:
        file = tmp_path / "draws.json"
        file.write_text(json.dumps(EXPORT))
        done = self.run(str(file))
        assert (done.returncode, done.stderr) == (0, "")
        assert EXPORT["sha256"] in done.stdout

    def test_says_what_does_not_follow(self, tmp_path: Path) -> None:
        file = tmp_path / "draws.json"
        file.write_text(json.dumps(forged(EXPORT, ("facts", 9, "selected"))))
        done = self.run(str(file))
        assert (done.returncode, done.stdout) == (1, "")
        assert "selected is" in done.stderr

    def broken(self, change: Callable[[Told], object]) -> str:
        export = deepcopy(EXPORT)
        change(export)
        return json.dumps(export)

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "no json",
            "[]",
            "7",
            "null",
            "{}",
            '{"format": "attest-draws/2"}',
            "[" * 100_000,
            '"\\ud800"',
        ],
        ids=["empty", "words", "list", "int", "null", "object", "bare", "deep", "half"],
    )
    def test_refuses_garbage_in_one_sentence(
        self, content: str, tmp_path: Path
    ) -> None:
        self.refused(content, tmp_path)

    @pytest.mark.parametrize(
        "change",
        [
            lambda each: each.pop("facts"),
            lambda each: each.update(facts=7),
            lambda each: each.update(facts=[7]),
            lambda each: each.update(facts=[{}]),
            lambda each: each["facts"][0].update(fact="dreamt"),
            lambda each: each["facts"][0].update(reviewer=["p"]),
            lambda each: each["facts"][0].pop("judged"),
            lambda each: each["facts"][0].update(asked=7),
            lambda each: each["facts"][1].pop("ticket"),
            lambda each: each.update(key=7),
            lambda each: each.update(key="xyz"),
            lambda each: each.update(plan=None),
            lambda each: each.update(nonces={}),
            lambda each: each.update(format="attest-draws/1"),
        ],
    )
    def test_refuses_what_is_missing_or_of_another_type(
        self, change: Callable[[Told], object], tmp_path: Path
    ) -> None:
        self.refused(self.broken(change), tmp_path)

    def refused(self, content: str, folder: Path) -> None:
        file = folder / "draws.json"
        file.write_text(content)
        done = self.run(str(file))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("This is no export of draws")

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        done = self.run(str(tmp_path / "draws.json"))
        assert done.returncode == 2
        assert done.stderr.startswith("This is no export of draws")

    def test_says_how_it_is_used(self) -> None:
        done = self.run()
        assert done.returncode == 2
        assert "EXPORT.json" in done.stderr

    def test_is_also_a_module_of_the_project(self, tmp_path: Path) -> None:
        file = tmp_path / "draws.json"
        file.write_text(json.dumps(EXPORT))
        command = [sys.executable, "-m", "services.moderation.verify_draw", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0


class TestExports:
    async def disclosed(self) -> World:
        world = World()
        await world.ready()
        for number in range(1, 13):
            await world.completed(number)
        await world.completed(13, reviewer="p-two", levels=CNM_LEVELS)
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.decide(1, overturning())
        for number in range(2, 13):
            await world.judge(number, CM_LEVELS)
        await world.judge(13, CNM_LEVELS)
        await world.release()
        return world

    def exports(self, world: World) -> Exports:
        disclosure = world.disclosure
        return Exports(disclosure.handling, disclosure.log, disclosure.codec)

    async def test_give_what_an_outsider_confirms(self) -> None:
        world = await self.disclosed()
        await world.reveal_key()
        await world.completed(14)
        exports, steps = self.exports(world), list[tuple[int, int]]()
        reviewers = await exports.reviewers(COHORT)
        told = await exports.export(
            COHORT, reviewers, lambda done, total: steps.append((done, total))
        )
        assert steps == [(1, 2), (2, 2)]
        assert verify_draw.check(read(told))
        found = await exports.verification(COHORT, reviewers, lambda *_: None)
        draws = len(told["facts"])
        assert found == {"reviewers": 2, "draws": draws, "holds": True, "findings": []}

    async def test_hold_nothing_about_a_participant(self) -> None:
        world = await self.disclosed()
        await world.reveal_key()
        told = await self.exports(world).export(COHORT, ("p-rev",), lambda *_: None)
        text = json.dumps(told)
        for word in ("p-ana", "o-college", "setting", "snapshot", "ciphertext"):
            assert word not in text

    async def test_are_secret_while_the_key_is(self) -> None:
        world = await self.disclosed()
        with pytest.raises(KeySecretError):
            await self.exports(world).reviewers(COHORT)

    async def test_need_a_plan(self) -> None:
        world = World()
        with pytest.raises(NotFoundError):
            await self.exports(world).reviewers("nowhere")


class TestOrders:
    """What somebody ordered to be moderated, and the sample of a release."""

    def test_are_followed(self) -> None:
        facts = history("p-rev", 24)
        early = ordered(facts[: last_arrival(facts)])
        *plan, key = plan_facts()
        told = export_of(
            [*enumerate(plan), (len(plan) + len(early), key)],
            {"p-rev": [(len(plan) + n, fact) for n, fact in enumerate(early)]},
        )
        assert verify_draw.check(read(told)).startswith(f"{len(told['facts'])} draws")
        rules = {(fact["rule"], fact["again"]) for fact in told["facts"]}
        assert {("remark_all", "remark_all"), ("release", "release")} <= rules
