"""Claims over HTTP: tokens, leases, independence, and what a judgement may cite."""

from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from services.review.app import CODEC
from services.review.clocks import lapse_due
from services.review.handlers import Claims
from shared.clock import utc_now
from shared.database import open_pool
from shared.eventlog import open_log
from shared.handling import Handling
from tests.integration.services.deliveries import open_deliveries, published
from tests.integration.services.journey import (
    Answer,
    claimed,
    judge_all,
    judgement,
    operations,
    passage_in,
    queued,
    register,
    reviewer,
    submitted_on_extension,
)
from tests.support.running_services import LEAKED_AT_STOP, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

JUDGES = {
    "rita": "south-college",
    "sam": "west-college",
    "nora": "north-college",
}


@pytest.fixture
async def review_id(unconnected: Running, samples: tuple[Path, ...]) -> str:
    """Ana's portfolio, which waits for Rita or Sam; Nora works where Ana does."""
    desk = operations(unconnected)
    for judge, organisation in JUDGES.items():
        answer = await register(desk, judge, "reviewer", organisation=organisation)
        assert answer.status_code == 201
    workbook = next(sample for sample in samples if sample.suffix == ".docx")
    case = await submitted_on_extension(unconnected, workbook)
    async with open_deliveries(unconnected.database) as deliveries:
        await deliveries.hand_over(*await published(unconnected))
    return f"{case['case_id']}.1.1"


async def lapse(running: Running, *, minutes: int) -> int:
    """Look for ended leases as the clock would in so many minutes."""
    url = running.database.url_for("review")

    def later() -> datetime:
        return utc_now() + timedelta(minutes=minutes)

    async with open_log(url) as log, open_pool(url, schema="review") as pool:
        return await lapse_due(Claims(Handling(log, CODEC)), pool, later)


def problem_of(answer: httpx.Response) -> str:
    found: str = answer.json()["type"].rpartition(":")[2]
    return found


class TestToken:
    async def test_is_missing_stale_or_somebody_else_s(
        self, unconnected: Running, review_id: str
    ) -> None:
        """Source: moderation.md: a fencing token checked on every write."""
        rita, sam = reviewer(unconnected, "rita"), reviewer(unconnected, "sam")
        path = f"/reviews/{review_id}/criteria/authenticity"
        token = await claimed(rita, review_id)
        body = judgement(await passage_in(rita, review_id))
        assert problem_of(await rita.post(path, body)) == "TokenMissing"
        assert problem_of(await sam.post(path, body, token=token)) == "TokenNotYours"
        held = await sam.post(f"/reviews/{review_id}/claim")
        assert problem_of(held) == "HeldBySomebodyElse"
        released = await rita.post(f"/reviews/{review_id}/release", token=token)
        assert released.status_code == 200
        assert problem_of(await rita.post(path, body, token=token)) == "TokenStale"
        later = await claimed(sam, review_id)
        assert later == token + 1

    async def test_is_told_again_to_the_holder(
        self, unconnected: Running, review_id: str
    ) -> None:
        """Source: architecture.md: a repeat is harmless."""
        rita = reviewer(unconnected, "rita")
        first = await rita.post(f"/reviews/{review_id}/claim", key="the-same-claim")
        again = await rita.post(f"/reviews/{review_id}/claim", key="the-same-claim")
        anew = await rita.post(f"/reviews/{review_id}/claim")
        assert (first.status_code, again.status_code, anew.status_code) == (201,) * 3
        assert first.json()["token"] == again.json()["token"] == anew.json()["token"]


class TestLease:
    async def test_lapses_and_keeps_the_draft_for_its_author_alone(
        self, unconnected: Running, review_id: str
    ) -> None:
        """Source: moderation.md: a lapsed lease returns the case, the draft is kept."""
        rita, sam = reviewer(unconnected, "rita"), reviewer(unconnected, "sam")
        token = await claimed(rita, review_id)
        await judge_all(rita, review_id, token, (3, 3, 3))
        await queued(rita)
        assert await lapse(unconnected, minutes=1) == 0
        assert await lapse(unconnected, minutes=61) == 1
        stale = await rita.post(f"/reviews/{review_id}/complete", token=token)
        assert problem_of(stale) == "TokenStale"
        second = await claimed(sam, review_id)
        seen = (await sam.get(f"/reviews/{review_id}")).json()
        assert (seen["criteria"], seen["feedback"]) == ({}, None)
        early = await sam.post(f"/reviews/{review_id}/complete", token=second)
        assert problem_of(early) == "NotAllJudged"
        await sam.post(f"/reviews/{review_id}/release", token=second)
        third = await claimed(rita, review_id)
        done = await rita.post(f"/reviews/{review_id}/complete", token=third)
        assert (done.status_code, done.json()["outcome"]) == (200, "CM")


class TestIndependence:
    async def test_keeps_reviews_out_of_the_queue_and_refuses_the_claim(
        self, unconnected: Running, review_id: str
    ) -> None:
        """Source: domain.md section 1: never their own organisation."""
        nora = reviewer(unconnected, "nora")
        assert await queued(nora) == []
        answer = await nora.post(f"/reviews/{review_id}/claim")
        assert problem_of(answer) == "OwnOrganisation"

    async def test_ends_a_claim_that_turns_out_to_be_a_conflict(
        self, unconnected: Running, review_id: str
    ) -> None:
        """Source: domain.md section 1: checked again when the decision is made."""
        rita = reviewer(unconnected, "rita")
        token = await claimed(rita, review_id)
        await judge_all(rita, review_id, token, (3, 3, 3))
        case_id = review_id.partition(".")[0]
        conflict = {"kind": "case", "with_id": case_id}
        assert (await rita.post("/conflicts", conflict)).status_code == 201
        assert await queued(rita) == []
        done = await rita.post(f"/reviews/{review_id}/complete", token=token)
        assert problem_of(done) == "DeclaredConflict"
        assert (await rita.get(f"/reviews/{review_id}")).status_code == 422


class TestPortfolio:
    async def test_opens_for_the_holder_alone(
        self, unconnected: Running, review_id: str
    ) -> None:
        """Source: architecture.md: nothing without a current part in the case."""
        rita, sam = reviewer(unconnected, "rita"), reviewer(unconnected, "sam")
        nobody = operations(unconnected)
        nobody.http = rita.http
        assert (await rita.get(f"/reviews/{review_id}/portfolio")).status_code == 404
        await claimed(rita, review_id)
        portfolio = (await rita.get(f"/reviews/{review_id}/portfolio")).json()
        file = portfolio["evidence"][0]["id"]
        for path in ("", "/portfolio", f"/evidence/{file}"):
            assert (await sam.get(f"/reviews/{review_id}{path}")).status_code == 404
            assert (await nobody.get(f"/reviews/{review_id}{path}")).status_code == 403
        assert (
            await rita.get(f"/reviews/{review_id}/evidence/none")
        ).status_code == 404


class TestEvidence:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"section": "nowhere"}, "evidence[0]"),
            ({"end": 10_000_000}, "evidence[0]"),
            ({"snapshot_sha256": "0" * 64}, "evidence[0]"),
        ],
        ids=["section", "end", "snapshot"],
    )
    async def test_is_refused_where_the_portfolio_has_none(
        self, unconnected: Running, review_id: str, change: Answer, field: str
    ) -> None:
        """Source: domain.md section 6: judgement to evidence by content hash."""
        rita = reviewer(unconnected, "rita")
        token = await claimed(rita, review_id)
        passage = await passage_in(rita, review_id) | change
        answer = await rita.post(
            f"/reviews/{review_id}/criteria/authenticity",
            judgement(passage),
            token=token,
        )
        assert answer.status_code == 400
        assert answer.json()["context"]["reference"] == field

    async def test_is_needed_and_so_are_rationale_and_modifications(
        self, unconnected: Running, review_id: str
    ) -> None:
        """Source: domain.md section 2."""
        rita = reviewer(unconnected, "rita")
        token = await claimed(rita, review_id)
        passage = await passage_in(rita, review_id)
        path = f"/reviews/{review_id}/criteria/authenticity"
        good = judgement(passage)
        for change, problem in (
            ({"rationale": "  "}, "RationaleMissing"),
            ({"evidence": []}, "EvidenceMissing"),
            ({"level": 2}, "ModificationMissing"),
        ):
            answer = await rita.post(path, good | change, token=token)
            assert problem_of(answer) == problem
        malformed = await rita.post(path, good | {"level": 5}, token=token)
        assert malformed.status_code == 422
        assert "Particular" not in malformed.text


class TestFeedback:
    async def test_can_start_from_a_proposal_that_nobody_else_sees(
        self, unconnected: Running, review_id: str
    ) -> None:
        """Source: moderation.md, "Reviewing": feedback composed from these."""
        rita, sam = reviewer(unconnected, "rita"), reviewer(unconnected, "sam")
        path = f"/reviews/{review_id}/feedback/proposal"
        assert (await rita.get(path)).status_code == 404
        token = await claimed(rita, review_id)
        empty = (await rita.get(path)).json()
        assert (empty["overall"], len(empty["missing"])) == (None, 3)
        await judge_all(rita, review_id, token, (3, 2, 3))
        proposal = (await rita.get(path)).json()
        assert "sufficiency" in proposal["comments"]
        assert (await sam.get(path)).status_code == 404
        kept = (await rita.get(f"/reviews/{review_id}")).json()["feedback"]
        assert kept["overall"] == "Thank you for your portfolio.", "only what is saved"

    async def test_has_phrases_by_criterion_and_level(
        self, unconnected: Running
    ) -> None:
        rita = reviewer(unconnected, "rita")
        query: dict[str, str | int] = {
            "programme": "ATS",
            "criterion": "reliability",
            "level": 2,
        }
        found = (await rita.get("/phrases/ATS", **query)).json()["items"]
        assert {each["criterion"] for each in found} == {"reliability"}
        sought = await rita.get("/phrases/ATS", **query, containing="COLLEAGUES")
        assert [each["key"] for each in sought.json()["items"]] == ["ats-advanced-role"]
        unknown = await rita.get("/phrases/NONE")
        assert unknown.status_code == 404
        assert (await rita.get("/phrases/ATS", level=5)).status_code == 422
