"""A reviewer is answered alike whether a case is a seed or somebody's own.

Two worlds: in one a seed follows the first case that Rita judges, in the other there is
none left, but a second participant handed in, shortly before the first, the portfolio
that the seed is made of.
She asks everything there is to ask, of every service, while that case waits for her,
while she holds it, once she has judged it, and after the release; and reads her
letters.
"""

import email.policy
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from shared.embedded import Mailbox
from tests.integration.services.journey import (
    COHORT,
    CRITERIA,
    claimed,
    enrol_extended,
    hand_in,
    judge_all,
    open_cohort,
    operations,
    register,
    reviewer,
)
from tests.integration.services.moderating import (
    after_recalls,
    complete_review,
    judge_blind,
    lead,
    moderator,
    publish_plan,
    released,
)
from tests.integration.services.test_reviewers_drafts import save
from tests.integration.services.test_two_worlds import (
    Heard,
    answers,
    differing,
    places_of,
    renamed,
    world,
)
from tests.support.embedded import DatabaseServer
from tests.support.running_services import (
    LEAKED_AT_STOP,
    Running,
    eventually,
)

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

EARLIER = "ats-earlier"
"""The cohort that the seed is made of."""
PANEL = ("max", "nina", "otto")
PEOPLE = {
    "rita": "reviewer",
    "sam": "reviewer",
    "mona": "moderator",
    **dict.fromkeys(PANEL, "moderator"),
    "lena": "lead_moderator",
}
RULES: dict[str, Any] = {
    "first_judgements": 1,
    "newcomers": None,
    "floors": [],
    "block_size": 1_000,
    "seeds": {"rate_ppm": 1_000_000},
}
"""A seed after every judgement, while there are any; of the judgements the first is
drawn, and a second once in a thousand times."""
MET, UNMET = (3, 3, 3), (3, 2, 3)
TOKENS = re.compile(r'"(token|lease_ends_at|until)":("[^"]+"|\d+)')
LENGTH = re.compile(r'\["content-length", "\d+"\]')

BY_ID = "review GET /work"
"""What is due at the same moment stands there by its id, which nobody chose."""


def in_order(text: str) -> str:
    """Return an answer with its rows in the order of their names here."""
    head, _, body = text.partition("\n")
    page = json.loads(body)
    rows = sorted(page["items"], key=lambda row: str(row["review_id"]))
    told = json.dumps({**page, "items": rows}, separators=(",", ":"))
    return f"{head}\n{told}"


@dataclass(slots=True)
class World:
    """What Rita sees of the first case that she judges and of the one after it."""

    running: Running
    mailbox: Mailbox
    first: str
    second: str
    """The seed, or the case of another participant."""
    author: str
    """Who wrote the second portfolio."""

    async def walked(self, phase: str) -> Heard:
        """Return everything she is answered about the second case."""
        places = places_of(self.second) | {"evidence_id": await self._evidence()}
        heard = await answers(self.running, places, phase, "rita", "reviewer")
        neutral = {name: self._neutral(text) for name, text in heard.items()}
        return {
            name: in_order(text) if name.endswith(BY_ID) else text
            for name, text in neutral.items()
        }

    async def letters(self, *, besides: set[str]) -> list[str]:
        """Return her letters, but for those of another world."""
        found = []
        for line in self.mailbox.letters():
            if line.letter_id in besides:
                continue
            source = await self.mailbox.source(line.letter_id)
            letter = message_from_bytes(source, policy=email.policy.default)
            body = letter.get_body(("plain",))
            if "rita@" in str(letter["to"]) and body is not None:
                text = f"{letter['subject']}\n{body.get_content()}"
                found.append(self._neutral(text))
        return sorted(found)

    async def _evidence(self) -> str:
        """Return the id of a file of the portfolio; of none before it can be read."""
        rita = reviewer(self.running, "rita")
        answer = await rita.get(f"/reviews/{self.second}.1.1/portfolio")
        return str(answer.json()["evidence"][0]["id"]) if answer.is_success else "e1"

    def _neutral(self, text: str) -> str:
        for name, stands_for in (
            (self.first, "FIRST"),
            (self.second, "SECOND"),
            (self.author, "AUTHOR"),
        ):
            text = text.replace(name, stands_for)
        return LENGTH.sub("LENGTH", TOKENS.sub(r'"\1":"TOKEN"', text))


PHASES = 5
LETTERS = 3
"""Two reviews that are hers, and what moderation found of the first."""
LEAST_ROUTES = 70
"""Of every service; the other two worlds walk as many."""


async def test_a_reviewer_is_answered_alike_whether_a_case_is_a_seed(
    postgres_server: DatabaseServer,
    tmp_path: Path,
    mailbox: Mailbox,
    samples: tuple[Path, ...],
) -> None:
    """Source: moderation.md 8, "indistinguishable from real work"."""
    worlds: list[tuple[list[Heard], list[str]]] = []
    for is_seed in (True, False):
        directory = tmp_path / str(is_seed)
        async with world(postgres_server, directory, mailbox) as running:
            before = {line.letter_id for line in mailbox.letters()}
            seen = await second_case(running, mailbox, samples[0], is_seed=is_seed)
            phases = [renamed(each, ()) async for each in phases_of(seen)]
            worlds.append((phases, await seen.letters(besides=before)))
    (one, letters), (other, others) = worlds
    assert len(one) == len(other) == PHASES
    assert all(len(each) > LEAST_ROUTES for each in one)
    for seeds, real in zip(one, other, strict=True):
        assert differing(seeds, real) == []
    assert letters == others
    assert len(letters) == LETTERS


async def second_case(
    running: Running, mailbox: Mailbox, path: Path, *, is_seed: bool
) -> World:
    """Let Rita judge Ana's portfolio; return the world in which another one waits.

    Both are given to her.
    """
    zoes = await prepared(running, path)
    if is_seed:
        await make_a_seed(running, zoes)
    others = None if is_seed else await handed_in(running, "yann", COHORT, path)
    first = await handed_in(running, "ana", COHORT, path)
    await publish_plan(running, **RULES)
    await given(running, first)
    await complete_review(running, f"{first}.1.1", MET)
    if others is not None:
        await given(running, others)
    second = await waiting_besides(running, first)
    assert others in {None, second}
    await told_of(running, second, "review-allocated")
    author = "zoe" if is_seed else "yann"
    return World(running, mailbox, first, second, author)


async def prepared(running: Running, path: Path) -> str:
    """Let Zoe's portfolio of the earlier cohort be released; return the case."""
    desk = operations(running)
    for person_id, role in PEOPLE.items():
        assert (await register(desk, person_id, role)).is_success
    for cohort in (EARLIER, COHORT):
        await open_cohort(desk, days=-2, cohort=cohort)
    assert (await register(desk, "ben", "mentor")).is_success
    zoes = await handed_in(running, "zoe", EARLIER, path)
    await publish_plan(running, cohort=EARLIER)
    await complete_review(running, f"{zoes}.1.1", MET, by="sam")
    await judge_blind(moderator(running, "mona"), zoes, MET)
    assert (await released(running, EARLIER))["released"] == 1
    return zoes


async def make_a_seed(running: Running, case_id: str) -> None:
    """Let the panel say what a case is worth."""
    words = {"case_id": case_id, "panel": PANEL, "permission": "Zoe agreed to it."}
    made = await lead(running).post("/seeds/ATS", words)
    assert made.status_code == 201, made.text
    marks = {
        "levels": dict(zip(CRITERIA, MET, strict=True)),
        "rationale": dict.fromkeys(CRITERIA, "Well shown."),
    }
    for person_id in PANEL:
        path_of = f"/seeds/ATS/{made.json()['seed_id']}/marks"
        marked = await moderator(running, person_id).post(path_of, marks)
        assert marked.status_code == 201, marked.text


async def handed_in(running: Running, person_id: str, cohort: str, path: Path) -> str:
    """Let somebody of another college hand in, and return the case."""
    desk = operations(running)
    ready = await register(desk, person_id, "participant", organisation="north-college")
    assert ready.is_success, ready.text
    await enrol_extended(desk, person_id, mentor_id="ben", cohort=cohort)
    answer = await hand_in(
        desk,
        path,
        cohort=cohort,
        email=f"{person_id}@example.org",
        mentor="Ben <ben@example.org>",
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])


async def given(running: Running, case_id: str) -> None:
    """Give a review to Rita, and return once her letter says so."""
    desk = running.as_person("review", "olga", "operations")
    path, body = f"/reviews/{case_id}.1.1/allocation", {"reviewer_id": "rita"}

    async def is_given() -> bool:
        return (await desk.post(path, body)).is_success

    await eventually(is_given)
    await told_of(running, case_id, "review-allocated")


async def told_of(running: Running, case_id: str, template: str) -> None:
    """Return once a letter about a case is handed over."""
    desk = running.as_person("notification", "olga", "operations")

    async def is_told() -> bool:
        found = (await desk.get("/notices", state="handed_over", limit=200)).json()
        about = (each for each in found["items"] if each["case_id"] == case_id)
        return any(each["template"] == template for each in about)

    await eventually(is_told)


async def waiting_besides(running: Running, case_id: str) -> str:
    """Return the case that waits for Rita, given to her, besides one she judged."""

    async def look() -> str | None:
        items = (await reviewer(running, "rita").get("/queue")).json()["items"]
        kept = (each for each in items if each["why"] == "allocated")
        return next((e["case_id"] for e in kept if e["case_id"] != case_id), None)

    return await eventually(look)


async def phases_of(seen: World) -> AsyncIterator[Heard]:
    """Yield everything Rita is answered, while she goes on to the release."""
    running, review_id = seen.running, f"{seen.second}.1.1"
    yield await seen.walked("waiting")
    rita = reviewer(running, "rita")
    token = await claimed(rita, review_id)
    yield await seen.walked("held")
    typed = await save(rita, path=f"/reviews/{review_id}/drafts/authenticity")
    assert typed.json() == {"version": 1}, typed.text
    await judge_all(rita, review_id, token, UNMET)
    yield await seen.walked("written")
    done = await rita.post(f"/reviews/{review_id}/complete", token=token)
    assert done.status_code == 200, done.text
    yield await seen.walked("judged")
    await judge_blind(moderator(running, "mona"), seen.first, MET)
    await after_recalls(running)
    await compared(seen)
    await release(seen)
    yield await seen.walked("released")


async def compared(seen: World) -> None:
    """Return once what is a seed is compared with its definitive marks."""
    if seen.author != "zoe":
        return
    path = f"/cohorts/{COHORT}/seeds"

    async def look() -> bool:
        (row,) = (await lead(seen.running).get(path)).json()["reviewers"]
        return (row["judged"], row["in_tolerance"]) == (1, 0)

    await eventually(look)


async def release(seen: World) -> None:
    """Release the cohort; return once review and Rita know what there is to know."""
    real = 1 if seen.author == "zoe" else 2
    assert (await released(seen.running))["released"] == real
    desk = seen.running.as_person("operations", "olga", "operations")

    async def is_noted() -> bool:
        found = (await desk.get("/events", type="review.ReleaseNoted")).json()
        return len(found["items"]) == 1 + real

    await eventually(is_noted)
    await told_of(seen.running, seen.first, "moderation-result")
