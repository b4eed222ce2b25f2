"""A blind moderator is answered alike whatever the first marks are, in every route.

Two worlds: in one the reviewer finds the criteria met and the first moderator does not,
in the other the reverse. The next moderator asks everything there is to ask, in both,
before the first moderator judged and afterwards. So do people who moderate and read for
another role, too, whether their token says that they moderate or not.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from shared.database import migrate
from shared.embedded import BrokerProcess, Mailbox
from shared.vocabulary import Role
from tests.integration.services.conftest import APPS
from tests.integration.services.journey import (
    COHORT,
    CRITERIA,
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
from tests.integration.services.test_who_may_what import documented
from tests.support.embedded import DatabaseServer, database_on
from tests.support.event_log import passwords
from tests.support.running_services import Running

MET, NOT_MET = (3, 3, 3), (3, 2, 3)
WORLDS = {"met": (MET, NOT_MET), "unmet": (NOT_MET, MET)}
"""Levels of the reviewer and of the first moderator."""

OF_THE_PROCESS = {
    "GET /metrics",
    "GET /maintenance/differences",
    "GET /log/verification",
    "GET /messages/reconciliation",
}
"""How far log and messages have come: the same process plays both worlds, and another
fact more or less is written as the services hear of each other sooner or later."""

BOTH: Mapping[str, tuple[Role, ...]] = {
    "max": ("moderator",),
    "lea": ("moderator", "lead_moderator"),
    "aude": ("moderator", "auditor"),
    "odo": ("moderator", "operations"),
}
"""Who may judge the case next, and in which roles they ask."""

OPAQUE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|[0-9a-f]{64}|[0-9a-f]{32}"
    r"|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|\+00:00))?"
    r"|(?<=\"position\":)\d+"
    r"|(?<=\"(?:last|next)\":\")[^\"]+"
)
"""Ids, hashes, moments, positions and cursors: others in the same places elsewhere."""

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

Heard = dict[str, str]
"""By request, the whole answer."""


async def test_a_blind_moderator_is_answered_alike_whatever_the_first_marks(
    postgres_server: DatabaseServer,
    tmp_path: Path,
    mailbox: Mailbox,
    samples: tuple[Path, ...],
) -> None:
    """Source: moderation.md 4: first marks are in no response, count, order, error."""
    worlds: list[list[Heard]] = []
    for name, (reviewed, moderated) in WORLDS.items():
        async with world(postgres_server, tmp_path / name, mailbox) as running:
            case_id = await judged(running, samples[0], reviewed)
            before = await asked(running, case_id)
            await judge_blind(moderator(running, "mona"), case_id, moderated)
            await in_queue(moderator(running, "max"), case_id)
            after = await asked(running, case_id)
            assert differing(only_moderating(before), only_moderating(after)) == []
            worlds.append([renamed(before), renamed(after)])
    one, other = worlds
    assert len(one[0]) > 70
    for phase in (0, 1):
        assert differing(one[phase], other[phase]) == []


def only_moderating(heard: Heard) -> Heard:
    """Return what is told to who has no other role: it is the same even in time."""
    others = tuple(f": {each} " for each in BOTH if each != "max")
    return {
        name: text
        for name, text in heard.items()
        if not any(each in name for each in others)
    }


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


async def judged(running: Running, path: Path, levels: tuple[int, int, int]) -> str:
    """Let Rita judge Ana's portfolio, and let it be drawn; return the case."""
    desk = operations(running)
    for person_id, role in (
        ("rita", "reviewer"),
        ("mona", "moderator"),
        ("lena", "lead_moderator"),
    ):
        assert (await register(desk, person_id, role)).status_code == 201
    for person_id, roles in BOTH.items():
        assert (await register(desk, person_id, *roles)).status_code == 201
    case_id: str = (await submitted_on_extension(running, path))["case_id"]
    await publish_plan(running)
    await complete_review(running, f"{case_id}.1.1", levels)
    for person_id in ("mona", *BOTH):
        await in_queue(moderator(running, person_id), case_id)
    return case_id


async def asked(running: Running, case_id: str) -> Heard:
    """Ask as each of them: everything in every service; Max also while he holds it."""
    heard = await refused(running, case_id, "free")
    for person_id in BOTH:
        heard |= await walked(running, case_id, "free", person_id)
        if len(BOTH[person_id]) > 1:
            heard |= await walked(running, case_id, "one hat", person_id)
    max_ = moderator(running, "max")
    token = await take(max_, case_id)
    held = await walked(running, case_id, "held", "max")
    heard |= {name: text.replace(token, "TOKEN") for name, text in held.items()}
    heard |= await refused(running, case_id, "held")
    back = await max_.post(f"/cases/{case_id}/1/hand-back", token=token)
    assert back.status_code == 200, back.text
    lease = re.compile(r'"(until|lease_ends_at)":"[^"]+"')
    return {name: lease.sub(r'"\1":"LEASE"', text) for name, text in heard.items()}


async def walked(running: Running, case_id: str, phase: str, person_id: str) -> Heard:
    """Return the answer to every GET that an OpenAPI document names.

    With one hat on, somebody's token does not say that they moderate.
    """
    places = await places_of(running, case_id)
    heard: Heard = {}
    roles = BOTH[person_id][1 if phase == "one hat" else 0 :]
    for service, http in running.clients.items():
        asker = running.as_person(service, person_id, *roles)
        for route in await documented(http):
            if not route.startswith("GET ") or route in OF_THE_PROCESS:
                continue
            path = re.sub(r"{(\w+)}", lambda at: places[at[1]], route.split()[1])
            name = f"{phase}: {person_id} {service} {route}"
            heard[name] = whole(await asker.get(path))
    return heard


async def refused(running: Running, case_id: str, phase: str) -> Heard:
    """Return the answer to everything Max may not write of the case now."""
    max_, heard = moderator(running, "max"), {}
    for what, body in REFUSED.items():
        answer = await max_.post(f"/cases/{case_id}/1/{what}", body)
        assert answer.is_client_error, answer.text
        heard[f"{phase}: POST {what}"] = whole(answer)
    return heard


async def places_of(running: Running, case_id: str) -> dict[str, str]:
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
        "form": "coaching",
        "key": "coaching",
    }


def whole(answer: httpx.Response) -> str:
    """Return all of an answer: status, headers and bytes."""
    said: dict[str, Any] = {
        "status": answer.status_code,
        "headers": sorted(answer.headers.items()),
    }
    return f"{json.dumps(said)}\n{answer.text}"


def renamed(heard: Heard) -> Heard:
    """Return the answers with opaque values numbered by where they appear first."""
    numbers: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"<{numbers.setdefault(found[0], len(numbers))}>"

    return {name: OPAQUE.sub(number, text) for name, text in heard.items()}
