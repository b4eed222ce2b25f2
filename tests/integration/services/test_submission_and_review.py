"""One portfolio from the upload to the final judgement, over HTTP and a real broker."""

from pathlib import Path

import pytest

from services.review.app import CODEC
from services.review.outgoing import to_public
from shared.clock import utc_now
from shared.contracts.feedback import Feedback
from shared.contracts.review import Completed
from shared.crypto import Grant, Purpose, Vault, open_keystore
from shared.eventlog import open_log
from tests.integration.services.journey import (
    claimed,
    judge_all,
    operations,
    queued,
    register,
    reviewer,
    submitted_on_extension,
    waits_for,
)
from tests.support.running_services import (
    KEY,
    LEAKED_AT_STOP,
    Client,
    Running,
    keystore_url,
)

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)


KINDS = ("ats-workbook.docx", "ats-phases.zip")


@pytest.mark.parametrize("kind", KINDS)
async def test_is_submitted_claimed_judged_and_completed(
    both: Running, samples: tuple[Path, ...], kind: str
) -> None:
    desk = operations(both)
    assert (await register(desk, "rita", "reviewer")).status_code == 201
    path = next(sample for sample in samples if sample.name == kind)
    case = await submitted_on_extension(both, path)
    review_id = f"{case['case_id']}.1.1"
    rita = reviewer(both, "rita")

    item = await waits_for(rita, review_id)
    assert (item["why"], item["until"]) == ("free", item["due_at"])
    token = await claimed(rita, review_id)
    await the_holder_sees_their_claim(rita, review_id, token)
    await files_are_attachments_in_a_sandbox(rita, review_id)

    await judge_all(rita, review_id, token, (3, 2, 4))
    await the_holder_sees_what_they_wrote(rita, review_id)
    done = await rita.post(f"/reviews/{review_id}/complete", token=token)
    assert (done.status_code, done.json()["outcome"]) == (200, "CNM")
    assert await queued(rita) == []
    after = (await rita.get(f"/reviews/{review_id}")).json()
    assert (after["state"], after["levels"]["sufficiency"]) == ("completed", 2)
    assert (await rita.get(f"/reviews/{review_id}/portfolio")).status_code == 404

    await the_feedback_opens_for_the_letter(both, review_id)
    for service in ("submission", "review"):
        differences = await both.apps[service].state.projector.differences()
        assert set(differences.values()) == {0}


async def the_holder_sees_their_claim(rita: Client, review_id: str, token: int) -> None:
    held = (await rita.get(f"/reviews/{review_id}")).json()
    assert (held["state"], held["token"], held["criteria"]) == ("held", token, {})
    (mine,) = await queued(rita)
    assert (mine["why"], mine["until"]) == ("yours", held["lease_ends_at"])


async def the_holder_sees_what_they_wrote(rita: Client, review_id: str) -> None:
    draft = (await rita.get(f"/reviews/{review_id}")).json()
    (wanted,) = draft["criteria"]["sufficiency"]["modifications"]
    assert wanted["text"] == "Say by when."
    assert draft["feedback"]["overall"] == "Thank you for your portfolio."


async def files_are_attachments_in_a_sandbox(rita: Client, review_id: str) -> None:
    portfolio = (await rita.get(f"/reviews/{review_id}/portfolio")).json()
    assert {section["key"] for section in portfolio["sections"]} > {"development-plan"}
    kinds = {b["kind"] for s in portfolio["sections"] for b in s["blocks"]}
    assert {"heading", "paragraph", "table"} <= kinds | {"heading"}
    assert portfolio["evidence"]
    for file in portfolio["evidence"]:
        answer = await rita.get(f"/reviews/{review_id}/evidence/{file['id']}")
        assert answer.status_code == 200
        assert len(answer.content) == file["size_bytes"]
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-security-policy"].startswith("sandbox")
        assert "path" not in file


async def the_feedback_opens_for_the_letter(running: Running, review_id: str) -> None:
    """Read the fact, make the message of it, and open that as a letter does."""
    async with open_log(running.database.url_for("review")) as log:
        *_, last = await log.read_stream(f"review-{review_id}")
    message = to_public(CODEC.decode(last), last)
    assert isinstance(message, Completed)
    grant = Grant(role="service", purpose=Purpose.SEND_LETTER)
    async with open_keystore(keystore_url(running.directory), KEY) as keys:
        text = await Vault(keys, utc_now).open(
            message.feedback, str, field="feedback.letter", grant=grant
        )
    assert isinstance(text, str)
    feedback = Feedback.from_text(text)
    assert feedback.levels() == {"authenticity": 3, "sufficiency": 2, "reliability": 4}
    (wanted,) = feedback.criteria["sufficiency"].modifications
    assert wanted.text == "Say by when."
