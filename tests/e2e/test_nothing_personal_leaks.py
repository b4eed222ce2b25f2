"""No name, address, file name or word of people stands anywhere but in envelopes.

A small cohort is played in the embedded mode, with all log lines from INFO on; then
all that it left is searched: log output, database, topics, files of the state
directory, and HTTP answers to people who may not see a case. Only the mailbox is left
out.
Source: architecture.md, "Personal data": plaintext never reaches Kafka, logs, parked
messages or durable read models.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.client import ClientSettings
from services.cli.demo import cast
from services.cli.demo.play import play
from services.cli.demo.stage import COHORT, Stage
from services.submission.documents.samples import generate_portfolio
from shared.ids import new_id
from tests.e2e.places import files, messages, names_in, rows, sentences_in
from tests.e2e.searching import Search
from tests.integration.services.test_who_may_what import (
    BODIES,
    PEOPLE,
    PLACES,
    Line,
    lines,
    path_of,
)
from tests.support.processes import AttestUp

PARTICIPANTS = 6
"""The fewest who bring every kind of decision about."""
SENTENCES = 4
"""Of each portfolio; each would show the same way of leaking."""
MARKER = "Quillfeather Zephyrine"
"""What stands in requests where something else should stand."""
MARKED_FILE = f"{MARKER} own reflections.docx"
ROLES = tuple(role for role in PEOPLE)

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True, slots=True)
class Played:
    """What was played, and where it left its traces."""

    up: AttestUp
    case_id: str
    person_id: str
    judged: Mapping[str, Any]
    """A case as its lead sees it: every word that was written about it."""

    @property
    def state(self) -> Path:
        return self.up.state

    @property
    def printed(self) -> Path:
        """Where everything stands that the process wrote."""
        return self.up.directory / "up-1.log"


@pytest.fixture
async def played(tmp_path: Path) -> AsyncIterator[Played]:
    """A cohort that went from the portfolio to the letter."""
    async with AttestUp(tmp_path, environment={"LOG_LEVEL": "INFO"}) as up:
        yield await asyncio.to_thread(_play, up)


def _play(up: AttestUp) -> Played:
    stage = Stage(ClientSettings(url=up.url), participants=PARTICIPANTS)
    try:
        play(stage, lambda _: None)
        case_id = next(iter(stage.numbers))
        case = stage.office.get(f"/submission/cases/{case_id}")
        judged = next(_as_the_lead(stage))
        return Played(up, case_id, case["person_id"], judged)
    finally:
        stage.close()


def _as_the_lead(stage: Stage) -> Iterator[Mapping[str, Any]]:
    for case_id in stage.numbers:
        found = stage.lead.get(f"/moderation/cases/{case_id}/1")
        if found["decision"]["other_work_reason"]:
            yield found


def personal_words(played: Played) -> Search:
    """Return everything that people were called, wrote, sent or were told."""
    words = {MARKER, MARKED_FILE, *_sentences(played.judged)}
    for person in cast.participants(PARTICIPANTS):
        name, upload = generate_portfolio(person.number, template=person.template)
        mentor = f"mentor{person.number:02d}@example.org"
        words |= {person.name, person.email, mentor, name}
        words |= {*names_in(upload), *sentences_in(upload, most=SENTENCES)}
    for staff in (*cast.REVIEWERS, *cast.MODERATORS, cast.LEAD):
        words |= {f"{staff}@example.org", f"{staff.partition('-')[2].title()} Staff"}
    return Search(words)


def _sentences(value: object) -> Iterator[str]:
    """Yield what reads like a sentence in an answer."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _sentences(part)
    elif isinstance(value, str) and " " in value:
        yield value


class Outsiders:
    """People who have no part in a case, asking for everything there is."""

    def __init__(self, played: Played, http: httpx.AsyncClient) -> None:
        self._played = played
        self._http = http

    def _address(self, line: Line) -> str:
        case_id = self._played.case_id
        places = PLACES | {
            "cohort_id": COHORT,
            "case_id": case_id,
            "review_id": f"{case_id}.1.1",
            "appeal_id": f"{case_id}.1",
            "hold_id": f"{case_id}.1",
            "token": "no-such-link",
        }
        return f"/{line.service}{path_of(line, places)}"

    async def _headers(self, person_id: str, *roles: str) -> dict[str, str]:
        asked = {"person_id": person_id, "roles": roles}
        answer = await self._http.post("/dev/token", json=asked)
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def read_everything(self) -> list[bytes]:
        """Return the answers of every GET to every role.

        And to the participant, where it is not their own case that they ask for.
        """
        askers = {role: await self._headers(f"some-{role}", role) for role in ROLES}
        own = await self._headers(self._played.person_id, "participant")
        found = []
        for line in lines():
            if not line.route.startswith("GET"):
                continue
            is_theirs = line.admits("ana")
            for headers in ({}, *askers.values(), *([] if is_theirs else [own])):
                address = self._address(line)
                answer = await self._http.get(address, headers=headers)
                found.append(str(answer.headers).encode() + answer.content)
        return found

    async def misplace_words(self) -> list[int]:
        """Put words where they do not belong, in every POST; return the answers."""
        headers = await self._headers("some-body", *ROLES)
        answers = []
        for line in lines():
            if line.route.startswith("POST") and "rebuild" not in line.route:
                answers += [
                    await self._post(line, headers, content=content)
                    for content in _marked(line)
                ]
        answers.append(await self._hand_in(headers))
        asked = await self._http.get(f"/submission/cases/{MARKER}", headers=headers)
        return [*answers, asked.status_code]

    async def _post(self, line: Line, headers: dict[str, str], content: bytes) -> int:
        more = {"Idempotency-Key": str(new_id()), "Content-Type": "application/json"}
        answer = await self._http.post(
            self._address(line), headers={**headers, **more}, content=content
        )
        return answer.status_code

    async def _hand_in(self, headers: dict[str, str]) -> int:
        file = (MARKED_FILE, f"no Word file of {MARKER}".encode())
        answer = await self._http.post(
            "/submission/portfolios",
            headers={**headers, "Idempotency-Key": str(new_id())},
            files={"file": file},
            data={"cohort": COHORT, "name": MARKER, "mentor": MARKER},
        )
        return answer.status_code


def _marked(line: Line) -> Iterator[bytes]:
    body = BODIES.get(line.route, {})
    assert isinstance(body, dict)
    yield MARKER.encode()
    yield f"id,name,email,organisation,roles\n{MARKER},{MARKER},,,\n".encode()
    for name in (*body, MARKER):
        yield json.dumps({**body, name: MARKER}).encode()
        yield json.dumps({**body, name: {MARKER: [MARKER]}}).encode()


async def found_everywhere(played: Played, search: Search) -> dict[str, set[str]]:
    """Return the words that were found, by the place where they stand."""
    async with httpx.AsyncClient(base_url=played.up.url, timeout=60) as http:
        answers = await Outsiders(played, http).read_everything()
    state = played.state
    places = {
        "log": search.found_in([played.printed.read_bytes()]),
        "database": search.found_in([row async for row in rows(state)]),
        "topics": search.found_in([each async for each in messages(state)]),
        "files": search.found_in(files(state, without=("mailbox",))),
        "answers": search.found_in(answers),
    }
    return {place: found for place, found in places.items() if found}


async def test_words_of_people_stand_in_envelopes_alone(played: Played) -> None:
    async with httpx.AsyncClient(base_url=played.up.url, timeout=60) as http:
        answered = await Outsiders(played, http).misplace_words()
    assert {status for status in answered if status >= 500} == set()
    assert {403, 404, 413, 422} & set(answered)
    search = personal_words(played)
    assert len(search.words) > 60
    assert await found_everywhere(played, search) == {}

    in_letters = search.found_in(files(played.state / "mailbox"))
    assert {cast.Participant(0).email} <= in_letters, "the search finds what is there"
    everywhere = await found_everywhere(played, Search([COHORT, played.person_id]))
    assert set(everywhere) == {"database", "topics", "files", "answers"}
    assert Search(["command.handled"]).found_in([played.printed.read_bytes()])


@pytest.mark.parametrize(
    "planted",
    [
        f"... {MARKER} ...".encode(),
        json.dumps({"name": "Zoë Ünver"}).encode(),
        b'{"ciphertext":"eFF1aWxsZmVhdGhlciBaZXBoeXJpbmU="}',
        f"\\x{MARKER.encode().hex()}".encode(),
        MARKER.encode("utf-16-le"),
        b"/cases/Quillfeather%20Zephyrine",
        MARKER.lower().encode(),
    ],
    ids=["text", "json", "base64", "hex", "utf-16", "address", "lower case"],
)
def test_a_planted_word_is_found(planted: bytes) -> None:
    """The control: whatever form a word has, the search sees it."""
    search = Search([MARKER, "Zoë Ünver", "Somebody Else"])
    assert len(search.found_in([b"before", planted])) == 1
