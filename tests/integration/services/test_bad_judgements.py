"""Judgements that cannot be: each is refused with what is wrong and where."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.services.allocating import Office, office_with, submitted
from tests.integration.services.journey import (
    Answer,
    claimed,
    judgement,
    passage_in,
    submitted_on_extension,
)
from tests.integration.services.test_claims import problem_of
from tests.support.running_services import LEAKED_AT_STOP, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

OTHER = "f" * 64


@pytest.fixture
async def office(unconnected: Running, samples: tuple[Path, ...]) -> Office:
    """Ana's portfolio, and news of somebody else's."""
    archive = next(sample for sample in samples if sample.suffix == ".zip")
    await submitted_on_extension(unconnected, archive)
    return await office_with(unconnected, submitted("case-2"))


async def held(office: Office) -> tuple[str, int, Answer]:
    """Let Rita claim Ana's review; return its path, the token and the portfolio."""
    queue = (await office.rita.get("/queue")).json()["items"]
    review_id = next(i["review_id"] for i in queue if i["case_id"] != "case-2")
    token = await claimed(office.rita, review_id)
    path = f"/reviews/{review_id}"
    portfolio: Answer = (await office.rita.get(f"{path}/portfolio")).json()
    return path, token, portfolio


class TestJudgement:
    """Source: domain.md section 2."""

    async def test_is_refused_off_the_scale_and_on_an_unknown_criterion(
        self, office: Office
    ) -> None:
        path, token, _ = await held(office)
        good = judgement(await passage_in(office.rita, path.rpartition("/")[2]))
        authenticity = f"{path}/criteria/authenticity"
        off_the_scale: tuple[Any, ...] = (0, 5, -1, 2.5, "met", None, True, "3", 3.0)
        for level in off_the_scale:
            refused = await office.rita.post(
                authenticity, good | {"level": level}, token=token
            )
            assert refused.status_code == 422, level
            assert [each["field"] for each in refused.json()["fields"]] == [
                "body.level"
            ]
        unknown = await office.rita.post(f"{path}/criteria/honesty", good, token=token)
        assert unknown.status_code == 422
        assert unknown.json()["fields"][0]["field"] == "path.criterion"
        stray = await office.rita.post(
            authenticity, good | {"outcome": "CM"}, token=token
        )
        assert stray.status_code == 422
        nothing = (await office.rita.get(path)).json()["criteria"]
        assert nothing == {}, "nothing of it is kept"

    async def test_cites_files_of_this_portfolio_by_what_is_in_them(
        self, office: Office
    ) -> None:
        """Source: domain.md section 6: judgement to evidence by content hash."""
        path, token, portfolio = await held(office)
        known = portfolio["evidence"][0]
        file = {
            "kind": "file",
            "snapshot_sha256": portfolio["snapshot_sha256"],
            "evidence_id": known["id"],
            "content_hash": known["content_hash"],
        }
        good = judgement(file)
        target = f"{path}/criteria/authenticity"
        changes: tuple[Answer, ...] = (
            {"content_hash": OTHER},
            {"evidence_id": "somebody-elses"},
            {"snapshot_sha256": OTHER},
        )
        for change in changes:
            body = good | {"evidence": [file, file | change]}
            refused = await office.rita.post(target, body, token=token)
            assert problem_of(refused) == "EvidenceReference", change
            assert refused.json()["context"]["reference"] == "evidence[1]"
        malformed = good | {"evidence": [file | {"content_hash": "short"}]}
        refused = await office.rita.post(target, malformed, token=token)
        assert refused.status_code == 422
        taken = await office.rita.post(target, good, token=token)
        assert taken.status_code == 200, taken.text

    async def test_cites_pages_that_were_read(self, office: Office) -> None:
        """Source: domain.md section 2: section, passage or page, content hash."""
        path, token, portfolio = await held(office)

        async def cited(kind: str, page: int) -> httpx.Response:
            known = next(
                each
                for each in portfolio["evidence"]
                if each["media_type"].startswith(kind)
            )
            file = {
                "kind": "file",
                "snapshot_sha256": portfolio["snapshot_sha256"],
                "evidence_id": known["id"],
                "content_hash": known["content_hash"],
                "page": page,
            }
            target = f"{path}/criteria/authenticity"
            return await office.rita.post(target, judgement(file), token=token)

        for kind, page in (("image/", 1), ("application/pdf", 9999)):
            assert problem_of(await cited(kind, page)) == "EvidenceReference"
        taken = await cited("application/pdf", 1)
        assert taken.status_code == 200, taken.text

    async def test_quotes_what_the_section_says(self, office: Office) -> None:
        path, token, _ = await held(office)
        passage = await passage_in(office.rita, path.rpartition("/")[2])
        body = judgement(passage | {"quote": "Never written"})
        refused = await office.rita.post(
            f"{path}/criteria/authenticity", body, token=token
        )
        assert problem_of(refused) == "EvidenceReference"
        assert "Never written" not in refused.text

    async def test_names_sections_and_standards_that_there_are(
        self, office: Office
    ) -> None:
        path, token, _ = await held(office)
        passage = await passage_in(office.rita, path.rpartition("/")[2])
        target = f"{path}/criteria/authenticity"
        wanted = {"section": "critical-narrative", "standard": "20", "text": "When?"}
        for change in ({"section": "nowhere"}, {"standard": "21"}):
            body = judgement(passage, 2) | {"modifications": [wanted | change]}
            refused = await office.rita.post(target, body, token=token)
            assert problem_of(refused) == "ModificationPlace", change
        empty = judgement(passage, 2) | {"modifications": [wanted | {"text": " "}]}
        assert (await office.rita.post(target, empty, token=token)).status_code == 422

    async def test_is_refused_once_the_lease_has_ended_and_keeps_what_was_written(
        self, office: Office
    ) -> None:
        """Source: moderation.md, "Reviewing": a lapsed lease returns the case."""
        path, token, _ = await held(office)
        good = judgement(await passage_in(office.rita, path.rpartition("/")[2]))
        first = await office.rita.post(
            f"{path}/criteria/authenticity", good, token=token
        )
        assert first.status_code == 200
        clock = office.running.apps["review"].state.clock
        clock.set_offset(timedelta(minutes=61))
        late = await office.rita.post(f"{path}/criteria/reliability", good, token=token)
        assert problem_of(late) == "TokenStale"
        assert (await office.rita.get(path)).status_code == 404
        again = await claimed(office.rita, path.rpartition("/")[2])
        assert again == token + 1
        kept = (await office.rita.get(path)).json()["criteria"]
        assert list(kept) == ["authenticity"]

    async def test_of_a_portfolio_that_is_not_there_tells_nothing(
        self, office: Office
    ) -> None:
        """Source: architecture.md: nothing without a current part in the case."""
        path, token, _ = await held(office)
        good = judgement(await passage_in(office.rita, path.rpartition("/")[2]))
        body = good | {"level": 3}
        missing = await office.rita.post(
            "/reviews/none.1.1/criteria/authenticity", body, token=token
        )
        assert problem_of(missing) == "UnknownReview"
        malformed = await office.rita.post("/reviews/../criteria", body, token=token)
        assert malformed.status_code in {404, 405}
