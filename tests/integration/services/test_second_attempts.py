"""A second attempt beside the first, for whoever judges the second."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.clock import utc_now
from shared.contracts.feedback import (
    FEEDBACK_FIELD,
    CriterionFeedback,
    Feedback,
    Modification,
)
from shared.contracts.message import Received
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.submission import Submitted
from shared.crypto import Vault, open_keystore
from shared.ids import new_id
from shared.personal import Personal
from shared.vocabulary import CRITERIA
from tests.integration.services.allocating import Office, office_with
from tests.integration.services.deliveries import published
from tests.integration.services.journey import claimed, submitted_on_extension
from tests.integration.services.test_claims import problem_of
from tests.support.running_services import KEY, LEAKED_AT_STOP, Running, keystore_url
from tests.unit.review.test_translation import SUBMITTED

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)


def message(body: Any) -> Received[Any]:
    any_message: Received[Any] = SUBMITTED
    return replace(any_message, body=body, event_id=new_id(), occurred_at=utc_now())


@pytest.fixture
async def first(unconnected: Running, samples: tuple[Path, ...]) -> Submitted:
    """What submission told of Ana's first attempt."""
    workbook = next(sample for sample in samples if sample.suffix == ".docx")
    await submitted_on_extension(unconnected, workbook)
    told = await published(unconnected)
    return next(each.body for each in told if isinstance(each.body, Submitted))


@pytest.fixture
async def office(unconnected: Running, first: Submitted) -> Office:
    """Ana has handed the same in again."""
    again = first.model_copy(update={"attempt": 2, "submitted_at": utc_now()})
    return await office_with(unconnected, message(again))


async def advice(running: Running, first: Submitted, text: str) -> Personal[str]:
    """Return sealed feedback that wants *text* to change."""
    change = Modification(section="introduction", standard="8", text=text)
    idea = change.model_copy(update={"text": "You could add a date."})
    said = {
        key: CriterionFeedback(level=2, comment="No.", modifications=(change,))
        if key == "sufficiency"
        else CriterionFeedback(level=3, comment="Yes.", modifications=(idea,))
        for key in CRITERIA
    }
    words = Feedback(overall="Thank you.", criteria=said).to_text()
    async with open_keystore(keystore_url(running.directory), KEY) as keys:
        vault = Vault(keys, utc_now)
        return await vault.seal(first.person_id, words, field=FEEDBACK_FIELD)


def outcome(first: Submitted, feedback: Personal[str]) -> dict[str, Any]:
    return {
        "case_id": first.case_id,
        "cohort_id": first.cohort_id,
        "attempt": 1,
        "participant_id": first.person_id,
        "programme": first.programme,
        "programme_version": first.programme_version,
        "policy_version": first.policy_version,
        "outcome": "CNM",
        "feedback": feedback,
        "took_part": (),
        "released_at": utc_now(),
    }


class TestChanges:
    """Source: moderation.md, "Reviewing": required modifications when below 3."""

    async def test_stand_beside_what_had_to_change_without_the_first_marks(
        self, office: Office, first: Submitted
    ) -> None:
        second, path = f"{first.case_id}.2.1", f"/reviews/{first.case_id}.2.1/changes"
        assert (await office.rita.get(path)).status_code == 404
        await claimed(office.rita, second)
        bare = (await office.rita.get(path)).json()
        assert {each["change"] for each in bare["sections"]} == {"unchanged"}
        assert {each["change"] for each in bare["evidence"]} == {"unchanged"}
        assert bare["modifications"] is None
        told = await advice(office.running, first, "Say by when.")
        await office.hear(message(OutcomeReleased(**outcome(first, told))))
        revised = await advice(office.running, first, "Show the effect.")
        values = outcome(first, revised) | {"replaces": "CNM"}
        await office.hear(message(OutcomeRevised(**values)))
        seen = await office.rita.get(path)
        (wanted,) = seen.json()["modifications"]
        assert (wanted["criterion"], wanted["text"]) == (
            "sufficiency",
            "Show the effect.",
        )
        assert wanted["section_change"] == "unchanged"
        assert seen.json()["first_levels"] is None
        assert "Thank you." not in seen.text
        assert "You could" not in seen.text, "a suggestion did not have to be followed"

    async def test_are_for_the_holder_of_a_second_attempt_alone(
        self, office: Office, first: Submitted
    ) -> None:
        """Source: architecture.md: nothing without a current part in the case."""
        await claimed(office.rita, f"{first.case_id}.2.1")
        path = f"/reviews/{first.case_id}.2.1/changes"
        assert problem_of(await office.sam.get(path)) == "NotHeld"
        await claimed(office.sam, f"{first.case_id}.1.1")
        answer = await office.sam.get(f"/reviews/{first.case_id}.1.1/changes")
        assert problem_of(answer) == "FirstAttempt"
