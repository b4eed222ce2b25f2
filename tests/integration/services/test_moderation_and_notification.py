"""From a judgement to the letter in the mailbox: four services, a broker, SMTP."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from services.moderation.domain.events import ModerationFact
from services.moderation.domain.verification import verify
from services.moderation.verify_draw import check
from shared.embedded import BrokerProcess, Mailbox
from shared.embedded.mailbox.letters import Letter
from shared.ids import new_id
from tests.integration.services.journey import (
    COHORT,
    CRITERIA,
    Answer,
    operations,
    register,
    submitted_on_extension,
)
from tests.integration.services.moderating import (
    all_running,
    complete_review,
    handed_over,
    in_queue,
    judge_blind,
    lead,
    moderator,
    publish_plan,
    released,
    take,
)
from tests.support.embedded import FreshDatabase
from tests.support.running_services import Client, Running

READER: TypeAdapter[Any] = TypeAdapter(ModerationFact)

OVERTURN: Answer = {
    "decision": "overturn",
    "reason": "Both moderators found the evidence of effect too thin.",
    "overturning": {
        "feedback": {
            "overall": "There is much to build on, and one thing is missing.",
            "criteria": {
                "authenticity": {"level": 3, "comment": "Clearly your own work."},
                "reliability": {"level": 3, "comment": "About your own role."},
                "sufficiency": {
                    "level": 2,
                    "comment": "The effect on colleagues is not shown yet.",
                    "modifications": [
                        {
                            "section": "improvement-project",
                            "standard": "20",
                            "text": "Show what colleagues do differently now.",
                        }
                    ],
                },
            },
        },
        "other_work": "widened",
        "other_work_reason": "The same may hold for other work of this reviewer.",
    },
}


@pytest.fixture
async def everything(
    demonstration_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    mailbox: Mailbox,
) -> AsyncIterator[Running]:
    async with all_running(
        demonstration_database, broker, tmp_path, mailbox
    ) as running:
        yield running


async def people(running: Running) -> None:
    """Put everybody into the directory."""
    desk = operations(running)
    for person_id, role in (
        ("rita", "reviewer"),
        ("mona", "moderator"),
        ("max", "moderator"),
        ("lena", "lead_moderator"),
    ):
        answer = await register(desk, person_id, role)
        assert answer.status_code == 201, answer.text
    insider = await register(desk, "nora", "moderator", organisation="north-college")
    assert insider.status_code == 201


async def test_an_overturned_case_ends_in_a_letter(
    everything: Running, samples: tuple[Path, ...], mailbox: Mailbox
) -> None:
    running = everything
    await people(running)
    case = await submitted_on_extension(running, samples[0])
    case_id = case["case_id"]
    await publish_plan(running)
    await complete_review(running, f"{case_id}.1.1", (3, 3, 3))

    mona, max_ = moderator(running, "mona"), moderator(running, "max")
    await the_colleague_of_the_participant_is_kept_out(running, case_id)
    await the_queue_tells_nothing(running, case_id)
    await judge_blind(mona, case_id, (3, 2, 3))
    refused = await lead(running).post(f"/cohorts/{COHORT}/release")
    assert (refused.status_code, refused.json()["context"]["cases"]) == (422, [case_id])
    await the_second_moderator_is_blind_too(running, case_id)
    await judge_blind(max_, case_id, (3, 2, 3))
    await the_lead_decides(running, case_id)

    answer = await released(running)
    assert answer["released"] == 1
    assert (await released(running))["released"] == 0
    assert (await handed_over(running, "outcome-cnm"))["tries"] == 1
    assert (await handed_over(running, "moderation-result"))["tries"] == 1
    await the_letter_says_what_was_decided(mailbox, case_id)
    await anybody_can_check_the_draws(running)
    await the_report_is_for_those_who_answer_for_it(running)
    for name, app in running.apps.items():
        differences = await app.state.projector.differences()
        assert set(differences.values()) == {0}, name


async def the_colleague_of_the_participant_is_kept_out(
    running: Running, case_id: str
) -> None:
    await in_queue(moderator(running, "mona"), case_id)
    await there_are_moderators_enough(running)
    nora = moderator(running, "nora")
    assert (await nora.get("/queue")).json()["items"] == []
    answer = await nora.post(f"/cases/{case_id}/1/take")
    assert (answer.status_code, answer.json()["type"]) == (
        403,
        "urn:attest:problem:NotIndependent",
    )


async def the_queue_tells_nothing(running: Running, case_id: str) -> None:
    item = await in_queue(moderator(running, "mona"), case_id)
    assert item["why"] == "free"
    assert not set(item) & {"outcome", "levels", "reviewer_id", "stage", "holder_id"}
    answer = await moderator(running, "mona").get(f"/cases/{case_id}/1")
    assert answer.status_code == 404


async def there_are_moderators_enough(running: Running) -> None:
    """Two are independent; of participants like Nora's colleagues only she would be."""
    cover = (await lead(running).get(f"/cohorts/{COHORT}/cover")).json()
    assert (cover["needed"], cover["moderators"], cover["is_short"]) == (2, 3, False)
    assert cover["cases"] == []
    assert cover["organisations"] == [
        {"organisation_id": "south-college", "moderators": 1}
    ]


async def the_second_moderator_is_blind_too(running: Running, case_id: str) -> None:
    max_, mona = moderator(running, "max"), moderator(running, "mona")
    token = await take(max_, case_id)
    held = (await max_.get(f"/cases/{case_id}/1")).json()
    assert (held["state"], held["token"]) == ("held", token)
    assert not set(held) & {"mine", "reviewer", "outcome", "levels"}
    seen = (await mona.get(f"/cases/{case_id}/1")).json()
    assert (seen["state"], seen["outcome"]) == ("compared", None)
    assert seen["reviewer"]["levels"] == dict.fromkeys(CRITERIA, 3)
    await only_the_right_token_holds(max_, mona, f"/cases/{case_id}/1/hand-back", token)
    back = await max_.post(f"/cases/{case_id}/1/hand-back", token=token)
    assert back.status_code == 200, back.text


async def only_the_right_token_holds(
    holder: Client, other: Client, path: str, token: str
) -> None:
    """Source: moderation.md, "Reviewing": a fencing token checked on every write."""
    for client, shown, problem in (
        (holder, "not-a-token", "MalformedRequest"),
        (holder, None, "TokenMissing"),
        (holder, str(new_id()), "TokenStale"),
        (other, token, "TokenOfAnother"),
    ):
        answer = await client.post(path, token=shown)
        told = answer.json()["type"].rpartition(":")[2]
        assert (answer.status_code, told) == (422, problem)


async def the_lead_decides(running: Running, case_id: str) -> None:
    lena = lead(running)
    assert (await in_queue(lena, case_id))["why"] == "referred"
    view = (await lena.get(f"/cases/{case_id}/1")).json()
    assert set(view["moderators"]) == {"mona", "max"}
    assert view["feedback"]["overall"] == "Thank you for your portfolio."
    answer = await lena.post(f"/cases/{case_id}/1/decision", OVERTURN, key="decide-01")
    assert answer.status_code == 201, answer.text
    again = await lena.post(f"/cases/{case_id}/1/decision", OVERTURN, key="decide-01")
    assert (again.status_code, again.json()) == (201, answer.json())


async def the_letter_says_what_was_decided(mailbox: Mailbox, case_id: str) -> None:
    letters = [await mailbox.letter(each.letter_id) for each in mailbox.letters()]
    (letter,) = [each for each in letters if "The effect on" in _words(each)]
    for body in (letter.text, letter.html):
        assert body is not None
        told = " ".join(body.split())
        assert "Ana" in told
        assert "Advanced Teacher Status" in told
        assert case_id in told
        assert "The effect on colleagues is not shown yet." in told
        assert "six weeks" in told.lower() or "6 weeks" in told.lower()
    (pdf,) = letter.attachments
    assert pdf.content.startswith(b"%PDF-")


def _words(letter: Letter) -> str:
    return " ".join((letter.text or "").split())


async def anybody_can_check_the_draws(running: Running) -> None:
    lena = lead(running)
    auditor = running.as_person("moderation", "aziz", "auditor")
    counts = (await lena.get(f"/cohorts/{COHORT}/draws")).json()
    assert counts == {"judgements": 1, "waiting": 0, "selected": 1}
    assert (await auditor.get(f"/cohorts/{COHORT}/draws")).json() == counts
    early = await auditor.get(f"/cohorts/{COHORT}/draws/export")
    assert early.json()["type"] == "urn:attest:problem:KeySecret"
    shown = await lena.post(f"/cohorts/{COHORT}/key")
    assert shown.status_code == 200, shown.text
    told = (await auditor.get(f"/cohorts/{COHORT}/draws")).json()
    draws = {name: facts_of(each) for name, each in told["draws"].items()}
    verdict = verify(facts_of(told["plan_facts"]), draws)
    assert (verdict.draws, verdict.findings) == (1, ())
    exported = last_line(await auditor.get(f"/cohorts/{COHORT}/draws/export"))
    assert check(exported).startswith("1 draws follow")
    found = last_line(await auditor.get(f"/cohorts/{COHORT}/draws/verification"))
    assert found == {"reviewers": 1, "draws": 1, "holds": True, "findings": []}


def last_line(answer: httpx.Response) -> Answer:
    """Return the result behind the lines that show the progress."""
    assert answer.status_code == 200, answer.text
    *progress, last = (json.loads(line) for line in answer.text.splitlines())
    assert progress[-1] == {"done": 1, "total": 1}
    result: Answer = last["result"]
    return result


async def the_report_is_for_those_who_answer_for_it(running: Running) -> None:
    path = f"/cohorts/{COHORT}/report"
    auditor = running.as_person("moderation", "aziz", "auditor")
    report = await auditor.get(path)
    assert report.status_code == 200, report.text
    assert report.json()["counts"]["overturned"] == 1
    assert (await lead(running).get(path)).content == report.content
    table = await auditor.get(path, format="csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.text.startswith("statistic,value,standard_error,low,high")
    assert (await auditor.get(path, format="pdf")).status_code == 422
    assert (await auditor.get("/cohorts/nowhere/report")).status_code == 404
    assert (await moderator(running, "mona").get(path)).status_code == 403


def facts_of(told: list[Answer]) -> list[Any]:
    """Read facts as an outsider would: from the JSON of the answer."""
    return [
        READER.validate_python({k: v for k, v in each.items() if k != "position"})
        for each in told
    ]
