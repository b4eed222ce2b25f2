"""Drafts of moderators over HTTP: kept whatever becomes of the case, for one author."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from shared.clock import utc_now
from shared.crypto import open_keystore
from shared.database import open_pool
from shared.embedded import BrokerProcess
from tests.integration.services.journey import CRITERIA, operations, register
from tests.integration.services.moderating import (
    in_queue,
    judge_blind,
    lead,
    minutes_later,
    moderator,
    one_judged,
    take,
)
from tests.integration.services.test_claims import problem_of
from tests.integration.services.test_handing_in import facts
from tests.integration.services.test_reviewers_drafts import save
from tests.support.embedded import FreshDatabase
from tests.support.running_services import (
    KEY,
    LEAKED_AT_STOP,
    Client,
    Running,
    keystore_url,
)

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

WORDS = "The mentor's dates agree; what is missing is"
NOT_MET = (3, 2, 3)
BLIND = {
    "levels": dict.fromkeys(CRITERIA, 3),
    "rationale": dict.fromkeys(CRITERIA, WORDS),
    "evidence": {},
}
UPHOLD = {"decision": "uphold", "reason": WORDS}


class Desk:
    """A drawn case, and who may write about it."""

    def __init__(self, running: Running, case_id: str) -> None:
        self.running, self.case_id = running, case_id
        self.case = f"/cases/{case_id}/1"
        self.mona, self.max = moderator(running, "mona"), moderator(running, "max")
        self.lena = lead(running)

    def draft(self, form: str = "authenticity") -> str:
        return f"{self.case}/drafts/{form}"

    async def saved(
        self, who: Client, text: str = WORDS, *, after: int = 0, form: str = ""
    ) -> int:
        path = self.draft(form or "authenticity")
        answer = await save(who, text, after=after, path=path)
        assert answer.status_code == 200, answer.text
        version: int = answer.json()["version"]
        return version

    async def text_of(self, who: Client, form: str = "authenticity") -> str:
        answer = await who.get(self.draft(form))
        assert answer.status_code == 200, answer.text
        text: str = answer.json()["text"]
        return text

    async def asked(self, who: Client, form: str = "authenticity") -> list[str]:
        """Return how each route of a form refuses."""
        path = self.draft(form)
        answers = (
            await who.get(path),
            await who.get(f"{path}/versions"),
            await save(who, path=path),
        )
        return [problem_of(each) for each in answers]


@pytest.fixture
async def desk(
    demonstration_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    samples: tuple[Path, ...],
) -> AsyncIterator[Desk]:
    judged = one_judged(demonstration_database, broker, tmp_path, samples[0])
    async with judged as (running, case_id):
        added = await register(operations(running), "max", "moderator")
        assert added.status_code == 201, added.text
        await in_queue(moderator(running, "max"), case_id)
        yield Desk(running, case_id)


class TestModeratorsDraft:
    async def test_takes_what_a_lapsed_hold_refused_and_the_refusal_says_so(
        self, desk: Desk
    ) -> None:
        """Source: architecture.md, "HTTP, time, drafts": kept after a lapsed claim."""
        token = await take(desk.mona, desk.case_id)
        assert await desk.saved(desk.mona, "begun") == 1
        await minutes_later(desk.running, 61)
        late = await desk.mona.post(f"{desk.case}/judgement", BLIND, token=token)
        says_where_it_can_be_kept(late, "LeaseLapsed")
        assert await desk.saved(desk.mona, after=1) == 2
        await take(desk.max, desk.case_id)
        late = await desk.mona.post(f"{desk.case}/judgement", BLIND, token=token)
        says_where_it_can_be_kept(late, "TokenStale")
        assert (await desk.mona.get(desk.case)).status_code == 404
        assert await desk.text_of(desk.mona) == WORDS
        first = await desk.mona.get(desk.draft(), version=1)
        assert first.json()["text"] == "begun"
        await judge_blind(desk.max, desk.case_id, (3, 3, 3))
        assert await desk.saved(desk.mona, f"{WORDS} why.", after=2) == 3

    async def test_is_read_by_nobody_else(self, desk: Desk) -> None:
        """Source: moderation.md 4: a second moderator is blind, too."""
        await take(desk.mona, desk.case_id)
        await desk.saved(desk.mona, "Level 2, I think.")
        assert await desk.asked(desk.max) == ["NeverTaken"] * 3
        assert await desk.asked(desk.lena) == ["NeverTaken"] * 3
        for role in ("operations", "auditor", "reviewer", "participant", "mentor"):
            other = desk.running.as_person("moderation", "mona", role)
            assert await desk.asked(other) == ["Forbidden"] * 3
        await judge_blind(desk.mona, desk.case_id, NOT_MET)
        await take(desk.max, desk.case_id)
        assert problem_of(await desk.max.get(desk.draft())) == "NoSuchDraft"
        assert (await desk.max.get(f"{desk.draft()}/versions")).json() == []
        assert await desk.saved(desk.max, "My own.") == 1
        assert await desk.text_of(desk.mona) == "Level 2, I think."
        assert await desk.text_of(desk.max) == "My own."
        url = desk.running.database.url_for("moderation")
        async with open_pool(url, schema="moderation") as pool:
            rows = [dict(row) for row in await pool.fetch("SELECT * FROM draft")]
        assert [row["author"] for row in rows] == ["mona", "max"]
        assert "Level 2" not in str(rows)
        assert {row["sealed"]["subject"] for row in rows} == {"ana"}

    async def test_overwrites_none_unread_and_is_saved_once_when_it_comes_again(
        self, desk: Desk
    ) -> None:
        """Source: architecture.md, "HTTP, time, drafts": its last 50 versions."""
        unknown = await save(desk.mona, path=desk.draft("feedback"))
        assert problem_of(unknown) == "NeverTaken"
        await take(desk.mona, desk.case_id)
        before = await facts(desk.running)
        unknown = await save(desk.mona, path=desk.draft("feedback"))
        assert (unknown.status_code, problem_of(unknown)) == (404, "UnknownForm")
        assert unknown.json()["context"]["forms"] == [*_criteria(), "decision"]
        both = (save(desk.mona, path=desk.draft()) for _ in range(2))
        answers = [each.json() for each in await asyncio.gather(*both)]
        assert answers == [{"version": 1}, {"version": 1}]
        stale = await save(desk.mona, "elsewhere", path=desk.draft())
        assert (stale.status_code, problem_of(stale)) == (409, "DraftChanged")
        assert stale.json()["context"]["latest"] == 1
        large = await save(desk.mona, "x" * 200_001, after=1, path=desk.draft())
        assert (large.status_code, "xxx" in large.text) == (422, False)
        versions = (await desk.mona.get(f"{desk.draft()}/versions")).json()
        assert [each["version"] for each in versions] == [1]
        assert await facts(desk.running) == before, "a draft is no fact"

    async def test_of_a_decision_opens_with_the_comparison(self, desk: Desk) -> None:
        """Source: moderation.md 4: then the comparison is revealed, not before."""
        assert await desk.asked(desk.lena, "decision") == ["NotYours"] * 3
        await judge_blind(desk.mona, desk.case_id, NOT_MET)
        await desk.saved(desk.mona, "I would amend it.", form="decision")
        early = await desk.lena.post(f"{desk.case}/decision", UPHOLD)
        says_where_it_can_be_kept(early, "NotReferred")
        assert await desk.asked(desk.lena, "decision") == ["NotYours"] * 3
        await take(desk.max, desk.case_id)
        assert await desk.asked(desk.max, "decision") == ["NeverTaken"] * 3
        await judge_blind(desk.max, desk.case_id, NOT_MET)
        assert problem_of(await desk.lena.get(desk.draft("decision"))) == "NoSuchDraft"
        assert await desk.saved(desk.lena, "Both found", form="decision") == 1
        assert await desk.asked(desk.lena) == ["NeverTaken"] * 3
        done = await desk.lena.post(f"{desk.case}/decision", UPHOLD)
        assert done.status_code == 201, done.text
        other = {**UPHOLD, "decision": "amend", "feedback": _feedback()}
        again = await desk.lena.post(f"{desk.case}/decision", other)
        says_where_it_can_be_kept(again, "AlreadyDecided")
        assert await desk.text_of(desk.lena, "decision") == "Both found"
        assert await desk.text_of(desk.mona, "decision") == "I would amend it."

    async def test_is_unreadable_once_the_participant_is_erased(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Source: decisions/0005: what staff write about them is the participant's."""
        monkeypatch.setattr("shared.crypto.ring.CACHE_SECONDS", 0.0)
        await take(desk.mona, desk.case_id)
        await desk.saved(desk.mona)
        where = keystore_url(desk.running.directory)
        async with open_keystore(where, KEY) as keystore:
            await keystore.destroy("mona", at=utc_now())
            assert await desk.text_of(desk.mona) == WORDS
            await keystore.destroy("ana", at=utc_now())
        assert problem_of(await desk.mona.get(desk.draft())) == "NoSuchDraft"
        again = await save(desk.mona, "And anew.", after=1, path=desk.draft())
        assert problem_of(again) == "SubjectErased"


def says_where_it_can_be_kept(refused: httpx.Response, problem: str) -> None:
    assert (refused.status_code, problem_of(refused)) == (422, problem)
    title = refused.json()["title"]
    assert "Nothing of this request was saved" in title
    assert "PUT /cases/{case_id}/{attempt}/drafts/{form}" in title


def _criteria() -> list[str]:
    return ["authenticity", "sufficiency", "reliability"]


def _feedback() -> dict[str, object]:
    said = {"level": 3, "comment": "Clear.", "modifications": []}
    return {"overall": "Thank you.", "criteria": dict.fromkeys(CRITERIA, said)}
