"""Anybody can check published draws with Python alone, and a forged one is named."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from services.moderation import verify_draw
from services.moderation.domain.draw.events import DrawEvent, JudgementReceived
from services.moderation.domain.plan.refusals import KeySecretError
from services.moderation.domain.verification.digests import content_hash
from services.moderation.domain.verification.export import export_of
from services.moderation.handlers import Exports
from shared.errors import NotFoundError
from tests.unit.moderation.examples import CM_LEVELS, CNM_LEVELS, COHORT
from tests.unit.moderation.simulation.test_what_if import ordered
from tests.unit.moderation.test_verification import history, plan_facts
from tests.unit.moderation.test_whole import overturning
from tests.unit.moderation.world import World

Told = dict[str, Any]
SCRIPT = Path(verify_draw.__file__)


def exported(count: int = 24) -> Told:
    """Return two reviewers' draws, as they lie in one log; the last after the close."""
    draws = {name: history(name, count, watched=True) for name in ("p-rev", "p-two")}
    cut = {name: last_arrival(facts) for name, facts in draws.items()}
    position = iter(range(1, 10_000))
    plan = [(next(position), fact) for fact in plan_facts()[:-1]]
    early = {n: [(next(position), f) for f in draws[n][: cut[n]]] for n in draws}
    plan.append((next(position), plan_facts()[-1]))
    late = {n: [(next(position), f) for f in draws[n][cut[n] :]] for n in draws}
    return export_of(plan, {n: early[n] + late[n] for n in draws})


def last_arrival(facts: Sequence[DrawEvent]) -> int:
    return max(n for n, f in enumerate(facts) if isinstance(f, JudgementReceived))


EXPORT = json.loads(json.dumps(exported()))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where every single value stands."""
    if isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in items:
            yield from leaves(each, (*path, key))
    else:
        yield path


def field_of(path: tuple[Any, ...]) -> str:
    """Return the name of the field: of a fact its kind and field, else the path."""
    if path[0] == "facts":
        kind = EXPORT["facts"][path[1]]["fact"]
        return ".".join(("facts", kind, *(str(each) for each in path[2:])))
    return ".".join(str(each) for each in path)


def flipped(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case _:
            return 7


def forged(path: tuple[Any, ...]) -> Told:
    """Return the export with one value changed, and its digest made to fit again."""
    return resealed(changed(EXPORT, path))


def changed(value: Any, path: tuple[Any, ...]) -> Any:
    """Return a copy with another leaf at *path*; the rest is shared, not copied."""
    if not path:
        return flipped(value)
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:])
    return copy


def resealed(export: Told) -> Told:
    rest = {name: value for name, value in export.items() if name != "sha256"}
    return {**rest, "sha256": content_hash(rest)}


def finding(export: Told) -> str | None:
    try:
        verify_draw.check(export)
    except SystemExit as found:
        return str(found)
    return None


PATHS: dict[str, list[tuple[Any, ...]]] = {}
for _path in leaves(EXPORT):
    PATHS.setdefault(field_of(_path), []).append(_path)
OF_SOME = ("facts.received.judged.", "facts.renewal.judged.")
JUDGED = {name for name in PATHS if name.startswith(OF_SOME)}
NAMED = sorted(
    name
    for name in PATHS.keys() - JUDGED - {"sha256", "format", "published_at"}
    if not name.endswith(".fact") and not name.startswith(("plan.", "facts.widened."))
)
"""Fields whose every value matters; others matter to some judgements only."""


class TestVerifyDraw:
    """Source: statistics.md 2.9, step 6; section 5, claim 5."""

    def test_confirms_an_honest_export(self) -> None:
        told = verify_draw.check(deepcopy(EXPORT))
        draws = sum(fact["fact"] == "draw" for fact in EXPORT["facts"])
        assert told.startswith(f"{draws} draws of 2 reviewers follow")
        rules = {fact.get("rule") for fact in EXPORT["facts"]}
        assert rules >= {"first_judgements", "adaptive", "key_revealed", "widened"}
        assert "changed_after_recall" in rules

    @pytest.mark.parametrize("name", NAMED)
    def test_finds_every_change_of_this_field_even_with_a_new_digest(
        self, name: str
    ) -> None:
        missed = [path for path in PATHS[name] if finding(forged(path)) is None]
        assert missed == []

    @pytest.mark.parametrize(
        "field",
        ["ordinal", "probability_ppm", "rule", "ticket", "block_pick", "selected"],
    )
    def test_names_the_judgement_whose_draw_was_changed(self, field: str) -> None:
        for path in PATHS[f"facts.draw.{field}"]:
            fact = EXPORT["facts"][path[1]]
            told = finding(forged(path))
            assert told is not None
            assert told.startswith(f"draw of {fact['reviewer']}, judgement")
            assert fact["judgement"] in told
            assert f"{field} is {flipped(fact[field])}, expected {fact[field]}" in told

    @pytest.mark.parametrize("name", sorted(PATHS.keys() - set(NAMED)))
    def test_finds_any_change_by_the_digest(self, name: str) -> None:
        for path in PATHS[name]:
            export = {**forged(path), "sha256": EXPORT["sha256"]}
            if name == "sha256":
                export = {**EXPORT, "sha256": flipped(EXPORT["sha256"])}
            with pytest.raises((SystemExit, LookupError, ValueError, AttributeError)):
                verify_draw.check(export)

    @pytest.mark.parametrize(
        "kind", ["received", "draw", "difference", "standing", "renewal", "changed"]
    )
    def test_finds_what_was_left_out(self, kind: str) -> None:
        """A difference that leads to nothing later is missed by the digest alone."""
        places = [n for n, fact in enumerate(EXPORT["facts"]) if fact["fact"] == kind]
        for place in places[:5]:
            export = deepcopy(EXPORT)
            del export["facts"][place]
            assert finding(resealed(export)) is not None
            assert finding({**export, "sha256": EXPORT["sha256"]}) is not None

    def test_finds_a_sample_widened_by_more_or_less(self) -> None:
        place = PATHS["facts.widened.least_ppm"][0][1]
        name = EXPORT["facts"][place]["reviewer"]
        later = (f for f in EXPORT["facts"][place:] if f.get("reviewer") == name)
        assert any(fact.get("rule") == "widened" for fact in later)
        told = finding(forged(PATHS["facts.widened.least_ppm"][0]))
        assert told is not None
        assert told.startswith(f"draw of {name}")

    def test_finds_what_was_added(self) -> None:
        for place, fact in enumerate(EXPORT["facts"]):
            if fact["fact"] in {"received", "draw", "difference"}:
                export = deepcopy(EXPORT)
                export["facts"].insert(place + 1, fact)
                assert finding(resealed(export)) is not None

    def test_finds_two_judgements_that_changed_places(self) -> None:
        arrivals = [
            n
            for n, f in enumerate(EXPORT["facts"])
            if f["fact"] == "received" and f["reviewer"] == "p-rev"
        ]
        for one, other in pairwise(arrivals):
            export = deepcopy(EXPORT)
            facts = export["facts"]
            facts[one], facts[other] = facts[other], facts[one]
            assert finding(resealed(export)) is not None

    @pytest.mark.parametrize("order", ["key first", "key last"])
    def test_finds_a_key_revealed_at_another_moment(self, order: str) -> None:
        export = deepcopy(EXPORT)
        key = {"fact": "key_revealed"}
        export["facts"].remove(key)
        export["facts"].insert(0 if order == "key first" else len(export["facts"]), key)
        assert finding(resealed(export)) is not None

    def test_names_a_judgement_that_was_never_drawn(self) -> None:
        export = deepcopy(EXPORT)
        last = export["facts"].pop()
        while last["fact"] != "draw":
            last = export["facts"].pop()
        told = finding(resealed(export))
        assert told is not None
        assert last["judgement"] in told
        assert "none is recorded" in told


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
        file.write_text(json.dumps(forged(PATHS["facts.draw.selected"][9])))
        done = self.run(str(file))
        assert (done.returncode, done.stdout) == (1, "")
        assert "selected is" in done.stderr

    def broken(self, change: Callable[[Told], object]) -> str:
        export = deepcopy(EXPORT)
        change(export)
        return json.dumps(resealed(export))

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "no json",
            "[]",
            "7",
            "null",
            "{}",
            '{"format": "attest-draws/1"}',
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
            lambda each: each.update(facts=[{"fact": "dreamt", "reviewer": "p"}]),
            lambda each: each.update(facts=[{"fact": "draw", "reviewer": ["p"]}]),
            lambda each: each["facts"][0].pop("judged"),
            lambda each: each["facts"][0]["judged"].update(completed_at="soon"),
            lambda each: each["facts"][1].pop("ticket"),
            lambda each: each.update(key=7),
            lambda each: each.update(key="xyz"),
            lambda each: each.update(plan=None),
            lambda each: each.update(nonces={}),
            lambda each: each.update(published_at=None),
            lambda each: each["plan"].update(plan_version=1),
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
        assert verify_draw.check(json.loads(json.dumps(told)))
        found = await exports.verification(COHORT, reviewers, lambda *_: None)
        draws = sum(fact["fact"] == "draw" for fact in told["facts"])
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
        assert verify_draw.check(json.loads(json.dumps(told))).startswith(
            f"{sum(fact['fact'] == 'draw' for fact in told['facts'])} draws"
        )
        rules = {fact.get("rule") for fact in told["facts"]}
        assert {"remark_all", "release"} <= rules
