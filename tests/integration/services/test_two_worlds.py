"""A blind moderator is answered alike whatever the first marks are, in every route.

Two worlds with the same two cases, both drawn. In one the reviewer finds the criteria
of the first case met and the first moderator does not, and of the second case the
reverse; in the other world each is the other way round, so an order by marks shows.
The next moderator asks everything there is to ask, in both, before the first moderator
judged and afterwards. Moments of today are other moments in each world, so only their
order is compared; days further off are.
"""

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from shared.clock import utc_now
from shared.database import migrate
from shared.embedded import BrokerProcess, Mailbox
from shared.vocabulary import Role
from tests.integration.services.conftest import APPS
from tests.integration.services.journey import (
    COHORT,
    CRITERIA,
    enrol_extended,
    hand_in,
    operations,
    register,
    submitted_on_extension,
)
from tests.integration.services.moderating import (
    all_running,
    complete_review,
    in_queue,
    judge_blind,
    moderator,
    publish_plan,
    take,
)
from tests.integration.services.test_reviewers_drafts import save
from tests.integration.services.test_who_may_what import documented
from tests.support.embedded import DatabaseServer, database_on
from tests.support.event_log import passwords
from tests.support.running_services import Running

MET, NOT_MET = (3, 3, 3), (3, 2, 3)
WORLDS = {
    "met first": ((MET, NOT_MET), (NOT_MET, MET)),
    "met second": ((NOT_MET, MET), (MET, NOT_MET)),
}
"""Levels of the reviewer and of the first moderator, of each case."""

OF_THE_PROCESS = {"GET /metrics"}
"""Counts of messages, by service and outcome: the same process plays both worlds."""

OPAQUE = re.compile(
    r"evidence-[0-9a-f-]{32,64}\":\d+"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|[0-9a-f]{64}|[0-9a-f]{32}"
    r"|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|\+00:00))?"
    r"|(?<=\"position\":)\d+"
    r"|(?<=\"(?:last|next)\":\")[^\"]+"
)
"""Ids, hashes, moments, positions and cursors: others in the same places elsewhere.

So is the version at which a file was attached: files come in the order of their ids.
"""

DAY = re.compile(r"\d{4}-\d\d-\d\d(?=$|T)")

FEEDBACK = {
    "overall": "Another feedback.",
    "criteria": {
        key: {"level": 3, "comment": f"About {key}.", "modifications": []}
        for key in CRITERIA
    },
}
REFUSED = {
    "hand-back": {},
    "judgement": {
        "levels": dict.fromkeys(CRITERIA, 3),
        "rationale": dict.fromkeys(CRITERIA, "Because."),
        "evidence": {},
    },
    "decision": {"decision": "amend", "reason": "So.", "feedback": FEEDBACK},
}
"""What a moderator may write of a case, and may not now."""

OWN = "What I was typing."
"""What the blind moderator keeps as a draft, before and after the first judged."""

Heard = dict[str, str]
"""By request, the whole answer."""

Marks = tuple[int, int, int]


async def test_a_blind_moderator_is_answered_alike_whatever_the_first_marks(
    postgres_server: DatabaseServer,
    tmp_path: Path,
    mailbox: Mailbox,
    samples: tuple[Path, ...],
) -> None:
    """Source: moderation.md 4: first marks are in no response, count, order, error."""
    worlds: list[list[Heard]] = []
    for name, marks in WORLDS.items():
        directory = tmp_path / name.replace(" ", "-")
        async with world(postgres_server, directory, mailbox) as running:
            reviewed = tuple(each for each, _ in marks)
            cases = await judged(running, samples, reviewed)
            await held_once(running, cases[0])
            before = await asked(running, cases[0])
            for case_id, (_, moderated) in zip(cases, marks, strict=True):
                await judge_blind(moderator(running, "mona"), case_id, moderated)
                await typed_by_mona(running, case_id, moderated)
            for case_id in cases:
                await in_queue(moderator(running, "max"), case_id)
            after = await asked(running, cases[0])
            assert differing(before, after) == []
            worlds.append([renamed(each, cases) for each in (before, after)])
    one, other = worlds
    assert len(one[0]) > 70
    for phase in (0, 1):
        assert differing(one[phase], other[phase]) == []


def differing(one: Heard, other: Heard) -> list[str]:
    """Return what was answered otherwise, each from a little before it differs."""
    found = []
    for name in sorted(one.keys() | other.keys()):
        texts = one.get(name, ""), other.get(name, "")
        if texts[0] != texts[1]:
            pairs = enumerate(zip(*texts, strict=False))
            differs = next((place for place, (a, b) in pairs if a != b), 0)
            start = max(0, differs - 60)
            found.append(" | ".join((name, *(each[start:][:120] for each in texts))))
    return found


@asynccontextmanager
async def world(
    server: DatabaseServer, directory: Path, mailbox: Mailbox
) -> AsyncIterator[Running]:
    broker = BrokerProcess(directory / "broker")
    await broker.start()
    try:
        async with database_on(server) as database:
            await migrate(
                database.url, role_passwords=passwords(server), demonstration=True
            )
            async with all_running(
                database, broker, directory, mailbox, APPS
            ) as running:
                yield running
    finally:
        await broker.stop()


async def judged(
    running: Running, samples: Sequence[Path], levels: Sequence[Marks]
) -> list[str]:
    """Let Rita judge portfolios of Ana and Cleo, and let them be drawn; return both."""
    desk = operations(running)
    for person_id, role in (
        ("rita", "reviewer"),
        ("mona", "moderator"),
        ("max", "moderator"),
        ("lena", "lead_moderator"),
    ):
        assert (await register(desk, person_id, role)).status_code == 201
    first, second, *_ = (path for path in samples if path.is_file())
    cases = [(await submitted_on_extension(running, first))["case_id"]]
    cases.append(await submitted_by_cleo(running, second))
    await publish_plan(running)
    for case_id, given in zip(cases, levels, strict=True):
        await complete_review(running, f"{case_id}.1.1", given)
    for person_id in ("mona", "max"):
        for case_id in cases:
            await in_queue(moderator(running, person_id), case_id)
    return cases


async def submitted_by_cleo(running: Running, path: Path) -> str:
    """Let somebody else hand in, in the same cohort; return the case."""
    desk = operations(running)
    cleo = await register(desk, "cleo", "participant", organisation="north-college")
    assert cleo.status_code == 201
    await enrol_extended(desk, "cleo", mentor_id="ben")
    handed_in = {"email": "cleo@example.org", "mentor": "Ben <ben@example.org>"}
    answer = await hand_in(desk, path, **handed_in)
    assert answer.status_code == 201, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


async def asked(running: Running, case_id: str) -> Heard:
    """Ask as Max: everything in every service, before and while he holds the case."""
    heard = await walked(running, case_id, "free")
    heard |= await refused(running, case_id, "free")
    max_ = moderator(running, "max")
    token = await take(max_, case_id)
    held = await walked(running, case_id, "held")
    heard |= {name: text.replace(token, "TOKEN") for name, text in held.items()}
    heard |= await refused(running, case_id, "held")
    back = await max_.post(f"/cases/{case_id}/1/hand-back", token=token)
    assert back.status_code == 200, back.text
    lease = re.compile(r'"(until|lease_ends_at)":"[^"]+"')
    return {name: lease.sub(r'"\1":"LEASE"', text) for name, text in heard.items()}


async def held_once(running: Running, case_id: str) -> None:
    """Let Max hold the case, type and give it back: his drafts are his from then on."""
    max_ = moderator(running, "max")
    token = await take(max_, case_id)
    assert (await save(max_, OWN, path=draft_of(case_id))).json() == {"version": 1}
    back = await max_.post(f"/cases/{case_id}/1/hand-back", token=token)
    assert back.status_code == 200, back.text


async def typed_by_mona(running: Running, case_id: str, levels: Marks) -> None:
    """Let the first moderator keep drafts that tell her marks."""
    mona = moderator(running, "mona")
    for form in ("authenticity", "decision"):
        typed = await save(mona, f"I find {levels}.", path=draft_of(case_id, form))
        assert typed.json() == {"version": 1}, typed.text


def draft_of(case_id: str, form: str = "authenticity") -> str:
    return f"/cases/{case_id}/1/drafts/{form}"


async def walked(running: Running, case_id: str, phase: str) -> Heard:
    """Return what Max is answered about a case."""
    places = places_of(case_id)
    return await answers(running, places, f"{phase}:", "max", "moderator")


async def answers(
    running: Running, places: dict[str, str], part: str, person_id: str, *roles: Role
) -> Heard:
    """Return the answer to every GET that an OpenAPI document names."""
    heard: Heard = {}
    for service, http in running.clients.items():
        asker = running.as_person(service, person_id, *roles)
        for route in await documented(http):
            if not route.startswith("GET ") or route in OF_THE_PROCESS:
                continue
            path = re.sub(r"{(\w+)}", lambda at: places[at[1]], route.split()[1])
            heard[f"{part} {service} {route}"] = whole(await asker.get(path))
    return heard


async def refused(running: Running, case_id: str, phase: str) -> Heard:
    """Return the answer to everything Max may not write of the case now."""
    max_, heard = moderator(running, "max"), {}
    for what, body in REFUSED.items():
        answer = await max_.post(f"/cases/{case_id}/1/{what}", body)
        assert answer.is_client_error, answer.text
        heard[f"{phase}: POST {what}"] = whole(answer)
    for form, version in (("authenticity", 1), ("decision", None)):
        answer = await save(max_, OWN, path=draft_of(case_id, form))
        assert answer.json().get("version") == version, answer.text
        heard[f"{phase}: PUT {form}"] = whole(answer)
    return heard


def places_of(case_id: str) -> dict[str, str]:
    """Return what stands for each parameter of a path."""
    return {
        "case_id": case_id,
        "attempt": "1",
        "cohort_id": COHORT,
        "programme": "ATS",
        "person_id": "rita",
        "review_id": f"{case_id}.1.1",
        "appeal_id": f"{case_id}.1",
        "evidence_id": "e1",
        "round_id": "june",
        "award_id": "ATS-1",
        "seed_id": f"s{0:020}",
        "form": "authenticity",
        "key": "coaching",
    }


def whole(answer: httpx.Response) -> str:
    """Return all of an answer: status, headers and bytes."""
    said: dict[str, Any] = {
        "status": answer.status_code,
        "headers": sorted(answer.headers.items()),
    }
    return f"{json.dumps(said)}\n{answer.text}"


def renamed(heard: Heard, cases: Sequence[str]) -> Heard:
    """Return the answers with opaque values numbered by where they appear first.

    The cases have their numbers before, so that they are told apart wherever they
    stand. A day that is not about now is told by how far off it is.
    """
    numbers = {case_id: place for place, case_id in enumerate(cases)}
    today = utc_now().date()

    def number(found: re.Match[str]) -> str:
        text = found[0]
        if day := DAY.match(text):
            off = (date.fromisoformat(day[0]) - today).days
            if abs(off) > 1:
                return f"<{off} days off>"
        return f"<{numbers.setdefault(text, len(numbers))}>"

    return {name: OPAQUE.sub(number, text) for name, text in heard.items()}
