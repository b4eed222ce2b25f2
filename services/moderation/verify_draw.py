"""Checks published draws with Python alone: ``python verify_draw.py EXPORT.json``.

Derives each decision again (docs/draws.md) and names the first that is told otherwise.
Exit 0: all follow; 1: one does not; 2: this is no export of draws.
"""

import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any

PPM = 1_000_000
NOBODY = {"ordinal": 0, "block": {"number": -2, "from": 1, "size": 0}}
BROKEN = (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)


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


def same(where: str, told: Any, expected: dict[str, Any]) -> None:
    """Exit unless *told* has these values."""
    for name, value in expected.items():
        if told[name] != value:
            sys.exit(f"{where}: {name} is {told[name]}, expected {value}")


def seed_of(told: Any) -> bytes:
    """Return what every ticket derives from; commitments bind all who made it."""
    plan, key, numbers = told["plan"], bytes.fromhex(told["key"]), list[Any]()
    same("plan", told, {"plan_hash": content_hash(plan)})
    same("key", told, {"key_commitment": mac(b"", "commit", key).hex()})
    for party in sorted(plan["parties"]):
        numbers += [party, bytes.fromhex(told["nonces"][party])]
        bound = mac(b"", "nonce", plan["cohort_id"], *numbers[-2:]).hex()
        same("number shown", told["commitments"], {party: bound})
    beacon = mac(b"", "beacon", plan["cohort_id"], *numbers).hex()
    same("randomness", told, {"beacon": f"commit-reveal:{beacon}"})
    return mac(key, "seed", told["beacon"], told["plan_hash"])


def place(rules: Any, fact: Any, past: Any) -> dict[str, Any]:
    """Return where a judgement stands: the reviewer's next, and block after block."""
    last = past.get(("reviewer", fact["reviewer"]), NOBODY)
    block, ordinal = last["block"], last["ordinal"] + 1
    if ordinal == block["from"] + block["size"]:
        standings = (rules.get("standings") or {}).values()
        sizes = [rules["block_size"], *(each["block_size"] for each in standings)]
        if last is NOBODY:
            new = rules.get("newcomers") or rules
            sizes = [rules["first_judgements"], new["first_judgements"]]
        size = fact["block"]["size"] if fact["block"]["size"] in sizes else sizes[0]
        block = {"number": block["number"] + 1, "from": ordinal, "size": size}
    past["reviewer", fact["reviewer"]] = fact
    return {"ordinal": ordinal, "block": block, "again": None}


def drawn(seed: bytes, label: str, fact: Any, plan: dict[str, int]) -> dict[str, Any]:
    """Return probability and ticket, where the *plan* asks for this by itself."""
    asked = {rule: ppm for rule, ppm in (dict(fact["asked"]) | plan).items() if ppm}
    rule = max(asked, key=lambda each: asked[each], default=None)
    ppm, ticket = asked.get(rule), mac(seed, "ticket", label, fact["judgement"]).hex()
    listed = [list(each) for each in asked.items()]
    return {"asked": listed, "probability_ppm": ppm, "rule": rule, "ticket": ticket}


def draw(rules: Any, seed: bytes, fact: Any, past: Any) -> dict[str, Any]:
    """Return how a judgement is drawn; again only if skipped, and if more is asked."""
    if before := past.get(("draw", fact["judgement"])):
        told = {
            name: before[name] for name in ("reviewer", "ordinal", "judged", "block")
        }
        is_more = fact["probability_ppm"] > before["probability_ppm"]
        if before["selected"] or not is_more or not fact["again"]:
            told["judgement"] = "another, as nothing asked for more of this one"
    else:
        told = place(rules, fact, past)
    number, start, size = (told["block"][name] for name in ("number", "from", "size"))
    plan = {"block": PPM // size} if number >= 0 else {}
    plan["first_judgements"] = PPM * (number < 0)
    for floor in rules.get("floors", ()):
        kinds = floor["when"].items()
        is_met = all(fact["judged"].get(name) in values for name, values in kinds)
        plan[floor["rule"]] = floor["least_ppm"] * is_met
    told |= drawn(seed, "moderation", fact, plan)
    # a place too near 2**256 would be drawn again: once in 2**246 blocks, so never
    hidden = mac(seed, "block", fact["reviewer"], str(number), "0")
    is_pick = start + int.from_bytes(hidden, "big") % size == fact["ordinal"]
    ppm, ticket = told["probability_ppm"], int(told["ticket"], 16)
    is_lucky = ticket * PPM * (size - 1) < (size * ppm - PPM) << 256
    told["block_pick"] = is_pick and number >= 0
    return told | {"selected": ppm == PPM or told["block_pick"] or is_lucky}


def opinion_or_seed(rules: Any, seed: bytes, fact: Any, past: Any) -> dict[str, Any]:
    """Return whether a second moderator judges, or a seed follows, what was drawn."""
    before = past.get(("draw", fact["judgement"]), {"ordinal": None, "selected": False})
    if fact["fact"] == "opinion":
        asked = {"second_opinions": rules.get("second_opinions_ppm", 0)}
        told = drawn(seed, "second-opinion", fact, asked)
        is_due = before["selected"]
    else:
        told = drawn(seed, "seed", fact, {"seeds": rules["seeds"]["rate_ppm"]})
        name, is_due = f"{fact['judgement']}.", before["ordinal"] is not None
        told["seed"] = min(
            fact["candidates"],
            key=lambda each: mac(seed, "ticket", "seed-choice", name + each),
            default=None,
        )
    if not is_due or (fact["fact"], fact["judgement"]) in past:
        told["judgement"] = "another, which was selected and had none yet"
    is_drawn = int(told["ticket"], 16) * PPM < told["probability_ppm"] << 256
    return told | {"ordinal": before["ordinal"], "selected": is_drawn}


def check(told: Any) -> str:
    """Return what was checked; exit at the first decision that does not follow."""
    if told["format"] != "attest-draws/2":
        raise ValueError("it is of another format")
    rules, seed, digest = told["plan"]["rules"], seed_of(told), told["plan_hash"]
    past = dict[Any, Any]()
    derive = {"draw": draw, "opinion": opinion_or_seed, "seed": opinion_or_seed}
    for number, fact in enumerate(told["facts"], 1):
        where = f"fact {number}"
        try:
            person, kind = fact.get("moderator") or fact["reviewer"], fact["fact"]
            where = (
                f"{kind} of {person}, judgement {fact['ordinal']} ({fact['judgement']})"
            )
            expected = derive[kind](rules, seed, fact, past)
            digest = content_hash([digest, {**fact, "digest": None}])
            same(where, fact, {**expected, "digest": digest})
            past[kind, fact["judgement"]] = fact
        except (*BROKEN, AttributeError) as error:
            raise ValueError(f"{where}: {error!r}") from error
    whole = content_hash({**told, "sha256": None})
    same("the export, though every draw follows", told, {"sha256": whole})
    return f"{len(told['facts'])} draws follow (export {whole})."


def main(*paths: str) -> int:
    """Check the file and say what was found; return the exit code."""
    try:
        (path,) = paths or ("(usage: python verify_draw.py EXPORT.json)",)
        result = check(json.loads(Path(path).read_text(encoding="utf-8")))
    except (*BROKEN, OSError) as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())
        sys.stderr.write(f"This is no export of draws: {told}\n")
        return 2
    sys.stdout.write(f"{result}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
