"""Checks published draws with Python alone: ``python verify_draw.py EXPORT.json``.

Computes each probability and ticket again (docs/draws.md) and names the first that does
not follow. Exit 0: all follow; 1: one does not; 2: this is no export of draws.
"""

import hashlib
import hmac
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

PPM, CHARTS = 1_000_000, ("severity", "severity", "dispersion", "overturns")


def same(where: str, told: Any, **expected: object) -> None:
    """Exit unless *told* has these values."""
    for name, value in expected.items():
        if told[name] != value:
            sys.exit(f"{where}: {name} is {told[name]}, expected {value}")


def mac(key: bytes, *parts: str | bytes) -> bytes:
    """Return the digest of *parts*, each behind its length; keyed if there is a key."""
    raw = [p.encode() if isinstance(p, str) else p for p in ("mod-sampler/1", *parts)]
    packed = b"".join(len(each).to_bytes(4, "big") + each for each in raw)
    return (
        hmac.digest(key, packed, "sha256") if key else hashlib.sha256(packed).digest()
    )


def content_hash(value: object) -> str:
    """Return SHA-256 over the JSON of *value*: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def seed_of(told: Any) -> bytes:
    """Return what every ticket derives from; commitments bind all who made it."""
    plan, key, numbers = told["plan"], bytes.fromhex(told["key"]), list[Any]()
    same("plan", told, plan_hash=content_hash(plan))
    same("key", told, key_commitment=mac(b"", "commit", key).hex())
    for party in sorted(plan["parties"]):
        numbers += [party, bytes.fromhex(told["nonces"][party])]
        bound = mac(b"", "nonce", plan["cohort_id"], *numbers[-2:]).hex()
        same("number shown", told["commitments"], **{party: bound})
    beacon = mac(b"", "beacon", plan["cohort_id"], *numbers).hex()
    same("randomness", told, beacon=f"commit-reveal:{beacon}")
    return mac(key, "seed", told["beacon"], told["plan_hash"])


def adaptive(scores: list[int], charts: Any, floor: int) -> int:
    """Return what charts ask for: from the floor up to certainty."""
    pairs = zip(scores, CHARTS, strict=True)
    risk = max(PPM * score // charts[name]["alarm"] for score, name in pairs)
    low, high = charts["escalates_from_ppm"], charts["escalates_fully_ppm"]
    risen = min(max(risk, low), high) - low
    return floor + int((PPM - floor) * risen // (high - low))


def probability(known: Any, seen: Any, rules: Any, size: int) -> tuple[int, str]:
    """Return what the largest rule asks for, the first of equal ones."""
    number, judged, charts = known["ordinal"], known["judged"], rules["detection"]
    idle, recent = timedelta(days=rules["idle_days"]), rules["idle_judgements"]
    asked = [(PPM * (number <= rules["first_judgements"]), "first_judgements")]
    asked += [(PPM // size, "block")]
    for floor in rules["floors"]:
        if all(judged[name] in values for name, values in floor["when"].items()):
            asked += [(floor["least_ppm"], floor["rule"])]
    gaps = seen.gaps[max(0, number - recent) : number]
    is_remarked = any(first <= number <= last for first, last in seen.remarked)
    asked += [
        (PPM * any(gap >= idle for gap in gaps), "idle"),
        (PPM * is_remarked, "remark_all"),
        (PPM * (known["judgement"] in seen.for_release), "release"),
        (PPM * (known["judgement"] in seen.changed), "changed_after_recall"),
        (seen.widened, "widened"),
    ]
    if charts:
        asked += [(adaptive(seen.scores, charts, PPM // size), "adaptive")]
    asked += [(seen.standing, "standing"), (PPM * known["is_early"], "before_plan")]
    asked += [(PPM * seen.is_key_public, "key_revealed")]
    return max(asked, key=lambda each: each[0])


def charted(where: str, fact: Any, seen: Any, other: str) -> None:
    """Follow a difference on somebody's charts; *other* tells of another outcome."""
    signed, spread = fact["level_difference"], fact["absolute_difference"]
    if abs(signed) > spread or (signed + spread) % 2:
        sys.exit(f"{where}: no levels differ by {signed} and by {spread}")
    if charts := seen.rules["detection"]:
        levels, widths, turns = (charts[each] for each in CHARTS[1:])
        harsh = levels["centre"] - levels["points_per_level"] * signed
        erratic = widths["points_per_level"] * spread - widths["centre"]
        turned = turns["up"] if fact[other] else -turns["down"]
        less, far = levels["allowance"], widths["allowance"]
        steps = (harsh - less, -harsh - less, erratic - far, turned)
        seen.scores = [max(0, a + b) for a, b in zip(seen.scores, steps, strict=True)]
    same(where, fact, scores=seen.scores if charts else None)


class Reviewer:
    """What the facts so far say about one reviewer; a method for each kind of fact."""

    def __init__(self, told: Any, seed: bytes) -> None:
        self.rules, self.seed, self.is_key_public = told["plan"]["rules"], seed, False
        self.published = datetime.fromisoformat(told["published_at"])
        self.judged, self.drawn = dict[str, Any](), dict[str, Any]()
        self.again, self.noted, self.gaps = set[str](), set[str](), list[timedelta]()
        self.latest: datetime | None = None
        self.widened, self.standing, self.scores = 0, 0, [0, 0, 0, 0]
        self.sizes = [(0, self.rules["block_size"])]
        self.remarked, self.for_release = list[tuple[int, int]](), set[str]()
        self.instead, self.changed, self.due = dict[str, Any](), set[str](), set[str]()
        self.aside = set[str]()
        self.seeds, self.is_fixed = self.rules.get("seeds"), False
        self.asked, self.placed, self.known = dict[str, str](), set[str](), set[str]()

    def on_joined(self, where: str, fact: Any) -> None:
        new, results = self.rules.get("newcomers"), fact["results"]
        if self.judged:
            sys.exit(f"{where}: they had judged before")
        if new and results is not None and results < new["fewer_results_than"]:
            self.rules = {**self.rules, "first_judgements": new["first_judgements"]}

    def on_received(self, where: str, fact: Any) -> None:
        same(where, fact, ordinal=len(self.judged) + 1)
        at = datetime.fromisoformat(fact["judged"]["completed_at"])
        self.gaps.append(at - (self.latest or at))
        self.latest = max(at, self.latest or at)
        self.judged[fact["judgement"]] = {**fact, "is_early": at < self.published}
        if self.seeds and fact["judged"]["attempt"] == 1:
            ticket = mac(self.seed, "ticket", "seed", fact["judgement"])
            value, rate = int.from_bytes(ticket, "big"), self.seeds["rate_ppm"]
            if self.is_fixed and not self.is_key_public and value * PPM < rate << 256:
                self.asked[fact["judgement"]] = ticket.hex()

    def block_of(self, number: int) -> tuple[int, int, int]:
        """Return number, place and size of a block; number -1 before the first."""
        block, start, end = -1, 0, self.rules["first_judgements"] + 1
        while end <= number:
            block, start = block + 1, end
            end += [size for since, size in self.sizes if since <= start][-1]
        return block, number - start, end - start if start else self.sizes[0][1]

    def on_draw(self, where: str, fact: Any) -> None:
        name = fact["judgement"]
        if name not in self.judged or (name in self.drawn and name not in self.again):
            sys.exit(f"{where}: it was not received before, or is drawn already")
        number = self.judged[name]["ordinal"]
        block, place, size = self.block_of(number)
        ppm, rule = probability(self.judged[name], self, self.rules, size)
        same(where, fact, ordinal=number, probability_ppm=ppm, rule=rule)
        # a place too near 2**256 would be drawn again: once in 2**246 blocks, so never
        hidden = mac(self.seed, "block", fact["reviewer"], str(block), "0")
        is_pick = block >= 0 and int.from_bytes(hidden, "big") % size == place
        ticket = mac(self.seed, "ticket", "moderation", name)
        value, chance = int.from_bytes(ticket, "big"), (size * ppm - PPM) << 256
        is_drawn = is_pick or value * PPM * (size - 1) < chance
        same(where, fact, ticket=ticket.hex(), block_pick=is_pick, selected=is_drawn)
        self.drawn[name] = fact
        self.again.discard(name)
        self.note_change(name)

    def on_seed(self, where: str, fact: Any) -> None:
        same(where, fact, ticket=self.asked.pop(fact["after"], None))
        if fact["seed"] is None:
            is_open = fact["withheld_because"] == "open"
            if is_open and not self.placed - self.known:
                sys.exit(f"{where}: withheld for a seed that is not open")
            return
        rank = {
            each: mac(self.seed, "ticket", "seed-choice", f"{fact['after']}.{each}")
            for each in fact["candidates"]
        }
        same(where, fact, seed=min(rank, key=lambda each: (rank[each], each)))
        if fact["seed"] in self.placed:
            sys.exit(f"{where}: the same seed was placed before")
        self.placed.add(fact["seed"])

    def on_seed_judged(self, where: str, fact: Any) -> None:
        if fact["seed"] not in self.placed - self.known:
            sys.exit(f"{where}: it was not placed, or is judged already")
        self.known.add(fact["seed"])
        charted(where, fact, self, "overturned")

    def on_difference(self, where: str, fact: Any) -> None:
        name = fact["judgement"]
        if name in self.noted or not self.drawn.get(name, {}).get("selected"):
            sys.exit(f"{where}: it was not selected, or is noted already")
        self.noted.add(name)
        charted(where, fact, self, "overturned")

    def on_widened(self, _: str, fact: Any) -> None:
        self.widened = max(self.widened, fact["least_ppm"])
        self.again = {each for each, of in self.drawn.items() if not of["selected"]}

    def on_remark_all(self, where: str, fact: Any) -> None:
        same(where, fact, to_ordinal=len(self.judged))
        self.remarked.append((fact["from_ordinal"], fact["to_ordinal"]))
        self.again = {each for each, of in self.drawn.items() if not of["selected"]}

    def on_release(self, _: str, fact: Any) -> None:
        self.for_release.update(fact["judgements"])
        self.again = {each for each, of in self.drawn.items() if not of["selected"]}

    def differences(self, name: str) -> list[str]:
        """Return in what a judgement differs from what came instead of it."""
        first = self.judged[name]["judged"]
        later = self.instead.get(name, first)
        names = ["conflict"] * (name in self.aside)
        names += ["outcome"] * (first["outcome"] != later["outcome"])
        for floor in self.rules["floors"]:
            asked = floor["when"].items()
            met = [
                all(of[each] in kinds for each, kinds in asked) for of in (first, later)
            ]
            names += [floor["rule"]] * (met[0] != met[1])
        return names

    def note_change(self, name: str) -> None:
        if name in self.drawn and not self.drawn[name]["selected"]:
            self.due |= {name} if self.differences(name) else set()

    def on_renewal(self, where: str, fact: Any) -> None:
        if fact["judgement"] not in self.judged:
            sys.exit(f"{where}: it was not received before")
        self.instead[fact["judgement"]] = fact["judged"]
        self.aside |= {fact["judgement"]} if fact.get("follows_conflict") else set()
        self.note_change(fact["judgement"])

    def on_changed(self, where: str, fact: Any) -> None:
        name = fact["judgement"]
        if name not in self.due or self.drawn[name]["selected"]:
            sys.exit(f"{where}: it did not change, or is moderated anyway")
        same(where, fact, because=self.differences(name))
        self.changed, self.again = self.changed | {name}, self.again | {name}

    def on_standing(self, where: str, fact: Any) -> None:
        asked = (self.rules["standings"] or {}).get(fact["standing"], {})
        size = asked.get("block_size") or self.rules["block_size"]
        same(where, fact, least_ppm=asked.get("least_ppm", 0), block_size=size)
        same(where, fact, from_ordinal=len(self.judged) + 1)
        self.standing = fact["least_ppm"]
        self.sizes.append((fact["from_ordinal"], size))
        self.again = {each for each, of in self.drawn.items() if not of["selected"]}


class Moderator:
    """What the facts so far say about one moderator, as of a reviewer."""

    def __init__(self, told: Any, seed: bytes) -> None:
        self.rules, self.seed, self.is_key_public = told["plan"]["rules"], seed, False
        self.standing, self.scores = 0, [0, 0, 0, 0]
        self.drawn, self.noted = dict[str, Any](), dict[str, Any]()

    def on_opinion(self, where: str, fact: Any) -> None:
        least = self.rules.get("second_opinions_ppm", 0)
        charts = self.rules["detection"]
        risen = adaptive(self.scores, charts, least) if charts else 0
        asked = [(least, "second_opinions"), (risen, "adaptive")]
        asked += [(self.standing, "standing")]
        asked += [(PPM * self.is_key_public, "key_revealed")]
        ppm, rule = max(asked, key=lambda each: each[0])
        same(where, fact, probability_ppm=ppm, rule=rule)
        ticket = mac(self.seed, "ticket", "second-opinion", fact["judgement"])
        is_drawn = int.from_bytes(ticket, "big") * PPM < ppm << 256
        same(where, fact, ticket=ticket.hex(), selected=is_drawn)
        if fact["judgement"] in self.drawn:
            sys.exit(f"{where}: it is drawn already")
        self.drawn[fact["judgement"]] = fact

    def on_moderator_difference(self, where: str, fact: Any) -> None:
        if fact["judgement"] in self.noted:
            sys.exit(f"{where}: it is noted already")
        self.noted[fact["judgement"]] = fact
        charted(where, fact, self, "outcome_differs")

    def on_moderator_standing(self, where: str, fact: Any) -> None:
        asked = (self.rules["standings"] or {}).get(fact["standing"], {})
        same(where, fact, least_ppm=asked.get("least_ppm", 0))
        self.standing = fact["least_ppm"]


def check_opinions(told: Any, people: Any, moderators: Any) -> int:
    """Return how many second opinions were drawn; one of each settled judgement."""
    selected = {n for p in people.values() for n, d in p.drawn.items() if d["selected"]}
    settled = {name for person in people.values() for name in person.noted}
    settled = settled if told["plan"]["rules"].get("second_opinions_ppm") else set()
    drawn = [n for person in moderators.values() for n in person.drawn]
    noted = {n for person in moderators.values() for n in person.noted}
    for name in sorted(settled | noted.union(drawn)):
        where = f"second opinion on {name}"
        if drawn.count(name) != 1 or name not in selected:
            sys.exit(f"{where}: drawn {drawn.count(name)} times, selected or not")
        first = next(p for p in moderators.values() if name in p.drawn)
        notes = [p.noted[name] for p in moderators.values() if name in p.noted]
        notes.sort(key=lambda each: str(each["place"]))
        places = [each["place"] for each in notes]
        is_compared = first.drawn[name]["selected"] and (notes or name in settled)
        if places != ["first", "second"] * bool(is_compared):
            sys.exit(f"{where}: its moderators are compared as {places}")
        if not notes:
            continue
        same(where, notes[1], level_difference=-notes[0]["level_difference"])
        for field in ("absolute_difference", "outcome_differs"):
            same(where, notes[1], **{field: notes[0][field]})
        if first.noted.get(name) is not notes[0]:
            sys.exit(f"{where}: its first moderator is not whose second was drawn")
    return len(drawn)


def follow(
    told: Any, people: dict[str, Reviewer], judges: dict[str, Moderator]
) -> None:
    """Follow every fact; exit at the first that does not follow."""
    seed, seen = seed_of(told), set[str]()
    for fact in told["facts"]:
        if fact["fact"] in {"key_revealed", "randomness_fixed"}:
            seen.add(fact["fact"])
            continue
        name = fact.get("judgement")
        if "moderator" in fact:
            judge = judges.setdefault(fact["moderator"], Moderator(told, seed))
            judge.is_key_public = "key_revealed" in seen
            where = f"{fact['fact']} of {fact['moderator']}, judgement {name}"
            getattr(judge, f"on_{fact['fact']}")(where, fact)
            continue
        person = people.setdefault(fact["reviewer"], Reviewer(told, seed))
        person.is_key_public = "key_revealed" in seen
        person.is_fixed = "randomness_fixed" in seen
        name = fact.get("judgement", fact.get("after"))
        number = person.judged.get(name, fact).get("ordinal")
        where = f"{fact['fact']} of {fact['reviewer']}, judgement {number} ({name})"
        getattr(person, f"on_{fact['fact']}")(where, fact)


def missing(reviewer: str, person: Reviewer) -> None:
    """Exit at the first thing that must be recorded and is not."""
    for name in person.judged.keys() - person.drawn.keys():
        number = person.judged[name]["ordinal"]
        sys.exit(f"draw of {reviewer}, judgement {number} ({name}): none is recorded")
    for name in person.due:
        if not person.drawn[name]["selected"]:
            sys.exit(f"draw of {reviewer} ({name}): changed, and not moderated")
    for name in person.asked:
        sys.exit(f"seed of {reviewer}, after judgement {name}: none is recorded")


def check(told: Any) -> str:
    """Return what was checked; exit at the first thing that does not follow."""
    if (told["format"], told["plan"]["plan_version"]) != ("attest-draws/1", 2):
        raise ValueError("it is of another format, or of a plan before version 2")
    people, judges = dict[str, Reviewer](), dict[str, Moderator]()
    follow(told, people, judges)
    for reviewer, person in people.items():
        missing(reviewer, person)
    opinions = check_opinions(told, people, judges)
    rest = {name: value for name, value in told.items() if name != "sha256"}
    same("the export, though every draw follows", told, sha256=content_hash(rest))
    draws = sum(fact["fact"] == "draw" for fact in told["facts"])
    found = f"{draws} draws of {len(people)} reviewers"
    if opinions:
        found += f" and {opinions} second opinions on {len(judges)} moderators"
    return f"{found} follow (export {told['sha256']})."


BROKEN = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError)


def main(*paths: str) -> int:
    """Check the file and say what was found; return the exit code."""
    try:
        (path,) = paths or ("(usage: python verify_draw.py EXPORT.json)",)
        result = check(json.loads(Path(path).read_text(encoding="utf-8")))
    except (*BROKEN, TypeError, ValueError) as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())
        sys.stderr.write(f"This is no export of draws: {told}\n")
        return 2
    sys.stdout.write(f"{result}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
