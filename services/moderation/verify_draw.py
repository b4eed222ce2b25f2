"""Checks published draws with Python alone: ``python verify_draw.py EXPORT.json``.

Draws each lottery again (docs/draws.md) and names the first decision that does not
follow. Exit 0: all follow; 1: one does not; 2: this is no export of draws.
"""

import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any

PPM = 1_000_000
NOBODY = {"ordinal": 0, "block": {"number": -2, "from": 1, "size": 0}}
BROKEN = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError)


def same(where: str, told: Any, /, **expected: object) -> None:
    """Exit unless *told* has these values."""
    for name, value in expected.items():
        if told[name] != value:
            sys.exit(f"{where}: {name} is {told[name]}, expected {value}")


def mac(key: bytes, *parts: str | bytes) -> bytes:
    """Return the digest of *parts*, each behind its length; keyed if there is a key."""
    raw = [p.encode() if isinstance(p, str) else p for p in ("mod-sampler/1", *parts)]
    packed = b"".join(len(each).to_bytes(4, "big") + each for each in raw)
    hashed = hmac.new(key, packed, "sha256") if key else hashlib.sha256(packed)
    return hashed.digest()


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


def asked_by_plan(rules: Any, fact: Any) -> dict[str, int]:
    """Return what the plan itself asks for, by rule; block -1 are the first ones."""
    judged, block = fact["judged"], fact["block"]
    is_first = block["number"] < 0
    asked = {"first_judgements": PPM} if is_first else {"block": PPM // block["size"]}
    for floor in rules.get("floors", ()):
        is_met = all(judged[name] in values for name, values in floor["when"].items())
        asked[floor["rule"]] = floor["least_ppm"] * is_met
    return asked


class Draws:
    """What was drawn so far; a method for each kind of lottery."""

    def __init__(self, told: Any) -> None:
        self.rules, self.seed = told["plan"]["rules"], seed_of(told)
        self.latest, self.drawn = dict[str, Any](), dict[str, Any]()
        new = self.rules.get("newcomers") or self.rules
        self.first = [self.rules["first_judgements"], new["first_judgements"]]
        standings = (self.rules.get("standings") or {}).values()
        self.sizes = [self.rules["block_size"], *(e["block_size"] for e in standings)]

    def ticket(self, where: str, fact: Any, label: str, least: dict[str, int]) -> int:
        """Return the ticket; exit unless it was drawn at the largest that is asked."""
        asked = dict(fact["asked"])
        same(f"{where}, asked", dict.fromkeys(least, 0) | asked, **least)
        rule = max(asked, key=lambda each: asked[each], default=None)
        ticket = mac(self.seed, "ticket", label, fact["judgement"])
        same(where, fact, probability_ppm=asked.get(rule), rule=rule)
        same(where, fact, ticket=ticket.hex())
        return int.from_bytes(ticket, "big")

    def check_place(self, where: str, fact: Any) -> None:
        """Exit unless it is the reviewer's next, and block follows block."""
        last = self.latest.get(fact["reviewer"], NOBODY)
        block, ordinal, size = last["block"], last["ordinal"] + 1, fact["block"]["size"]
        if ordinal == block["from"] + block["size"]:
            block = {"number": block["number"] + 1, "from": ordinal, "size": size}
        same(where, fact, ordinal=ordinal, block=block, again=None)
        sizes = self.first if block["number"] < 0 else self.sizes
        if size not in sizes:
            sys.exit(f"{where}: its block is of {size}, expected one of {sizes}")
        self.latest[fact["reviewer"]] = fact

    def on_draw(self, where: str, fact: Any) -> None:
        """Check whether a judgement is moderated; again only if it was skipped."""
        block, ppm = fact["block"], fact["probability_ppm"]
        if (before := self.drawn.get(fact["judgement"])) is None:
            self.check_place(where, fact)
        else:
            kept = ("reviewer", "ordinal", "judged", "block")
            same(where, fact, **{name: before[name] for name in kept})
        ticket = self.ticket(where, fact, "moderation", asked_by_plan(self.rules, fact))
        # a place too near 2**256 would be drawn again: once in 2**246 blocks, so never
        hidden = mac(self.seed, "block", fact["reviewer"], str(block["number"]), "0")
        place = block["from"] + int.from_bytes(hidden, "big") % block["size"]
        is_pick = block["number"] >= 0 and place == fact["ordinal"]
        limit, scale = block["size"] * ppm - PPM, PPM * (block["size"] - 1)
        is_drawn = ppm == PPM or is_pick or ticket * scale < limit << 256
        same(where, fact, block_pick=is_pick, selected=is_drawn)
        is_less = before and (before["selected"] or ppm <= before["probability_ppm"])
        if is_less or (before and not fact["again"]):
            sys.exit(f"{where}: it is drawn already, and nothing asked for more")
        self.drawn[fact["judgement"]] = fact

    def on_opinion(self, where: str, fact: Any) -> None:
        """Check whether a second moderator judges what was selected."""
        least = {"second_opinions": self.rules.get("second_opinions_ppm", 0)}
        self.check_other(where, fact, "second-opinion", least)
        if not self.drawn[fact["judgement"]]["selected"]:
            sys.exit(f"{where}: its judgement was not selected")

    def on_seed(self, where: str, fact: Any) -> None:
        """Check whether a seed follows a judgement, and which of all there were."""
        least = {"seeds": self.rules["seeds"]["rate_ppm"]}
        self.check_other(where, fact, "seed", least)
        names = (f"{fact['judgement']}.{each}" for each in fact["candidates"])
        ranks = [mac(self.seed, "ticket", "seed-choice", each) for each in names]
        first = fact["candidates"][ranks.index(min(ranks))] if ranks else None
        same(where, fact, seed=first)

    def check_other(
        self, where: str, fact: Any, label: str, least: dict[str, int]
    ) -> None:
        """Exit unless its ticket decided, once for a judgement that was drawn."""
        name = fact["judgement"]
        if name not in self.drawn or f"{label} {name}" in self.drawn:
            sys.exit(f"{where}: its judgement is not drawn, or this is done already")
        self.drawn[f"{label} {name}"] = fact
        same(where, fact, ordinal=self.drawn[name]["ordinal"])
        ticket = self.ticket(where, fact, label, least)
        same(where, fact, selected=ticket * PPM < fact["probability_ppm"] << 256)


def check(told: Any) -> str:
    """Return what was checked; exit at the first decision that does not follow."""
    if told["format"] != "attest-draws/2":
        raise ValueError("it is of another format")
    draws, before = Draws(told), told["plan_hash"]
    for fact in told["facts"]:
        person = fact.get("moderator") or fact["reviewer"]
        number, name = fact["ordinal"], fact["judgement"]
        where = f"{fact['fact']} of {person}, judgement {number} ({name})"
        getattr(draws, f"on_{fact['fact']}")(where, fact)
        before = content_hash([before, {**fact, "digest": None}])
        same(where, fact, digest=before)
    whole = content_hash({**told, "sha256": None})
    same("the export, though every draw follows", told, sha256=whole)
    return f"{len(told['facts'])} draws follow (export {whole})."


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
