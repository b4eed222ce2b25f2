"""A viva over HTTP, with messages over a real broker, on a real log."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.clock import utc_now
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.submission import RoleGranted, Submitted, Withdrawn
from shared.eventlog import open_log
from shared.personal import Personal
from shared.vocabulary import Outcome, Role
from tests.integration.viva.conftest import Place
from tests.support.running_services import LEAKED_AT_STOP, Client, eventually

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

Answer = dict[str, Any]
COHORT = "ats-2025-10"
PEOPLE: dict[str, Role] = {
    "lena": "lead_moderator",
    "luis": "lead_moderator",
    "hugo": "panel_member",
    "rita": "panel_member",
}
STAFF = (*PEOPLE, "mona", "olga")
MONTH = 30


def granted(person_id: str, role: Role) -> RoleGranted:
    return RoleGranted(person_id=person_id, role=role, organisation_id="east-college")


def submitted(case_id: str) -> Submitted:
    now = utc_now()
    return Submitted(
        case_id=case_id,
        cohort_id=COHORT,
        attempt=1,
        person_id=f"p-{case_id}",
        organisation_id="north-college",
        mentor_id="ben",
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        template="workbook",
        role_context=None,
        snapshot_sha256="a" * 64,
        snapshot_path="ana/3",
        submitted_at=now,
        review_opens_at=now,
    )


def outcome(case_id: str, said: Outcome = "CM", programme: str = "ATS") -> Answer:
    envelope = Personal[str](subject="ana", key="k", nonce="n", ciphertext="c")
    return {
        "case_id": case_id,
        "cohort_id": COHORT,
        "attempt": 1,
        "participant_id": f"p-{case_id}",
        "programme": programme,
        "programme_version": "2025.1",
        "policy_version": "2025.1",
        "outcome": said,
        "feedback": envelope,
        "took_part": ("rita", "mona"),
        "released_at": utc_now(),
    }


def released(case_id: str, **changes: Any) -> OutcomeReleased:
    return OutcomeReleased(**outcome(case_id, **changes))


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("urn:attest:problem:")


def ok(answer: httpx.Response) -> Answer:
    assert answer.is_success, answer.text
    found: Answer = answer.json()
    return found


async def in_state(client: Client, case_id: str, state: str) -> Answer:
    """Return the viva once it is in this state."""

    async def look() -> Answer | None:
        answer = await client.get(f"/vivas/{case_id}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        found = ok(answer)
        return found if found["state"] == state else None

    return await eventually(look)


async def open_round(
    office: Client, round_id: str, *, slots: int, days: int = MONTH
) -> Answer:
    starts_at = utc_now() + timedelta(days=days)
    times = [(starts_at + timedelta(hours=n)).isoformat() for n in range(slots)]
    body = {
        "round_id": round_id,
        "programme": "ATS",
        "cohorts": [COHORT],
        "minutes": 45,
        "extra_because": "A test cannot wait for the next round.",
        "slots": [
            {"starts_at": each, "mode": "remote", "room_minutes": 60} for each in times
        ],
    }
    return ok(await office.post("/rounds", body))


async def booked(client: Client, case_id: str, slot_id: str, round_id: str) -> Answer:
    body = {"round_id": round_id, "slot_id": slot_id}
    return ok(await client.post(f"/vivas/{case_id}/booking", body))


async def judge(client: Client, case_id: str, verdict: str) -> httpx.Response:
    body = {"verdict": verdict, "notes": "Answered every question about evidence."}
    return await client.post(f"/vivas/{case_id}/result", body)


async def test_a_viva_leads_from_cm_to_a_certificate(place: Place) -> None:
    """Source: domain.md section 3; S0, S1."""
    await offers_are_made(place)
    await slots_go_to_one_case_each(place)
    await panels_are_independent(place)
    await panels_hold_one_viva_at_a_time(place)
    await participants_see_their_own_alone(place)
    await letters_are_confirmed(place)
    await who_has_no_time_is_reminded(place)
    await place.go_on(days=MONTH + 1)
    await the_panel_decides(place)
    await the_second_viva_is_another(place)
    await holds_stop_a_case(place)
    await certificates_are_checked(place)
    await no_notes_are_readable(place)
    await read_models_are_what_the_log_says(place)


async def offers_are_made(place: Place) -> None:
    await place.submission.say(*(granted(*each) for each in PEOPLE.items()))
    await place.submission.say(submitted("c1"), submitted("c2"))
    await place.moderation.say(released("c1"), released("c2"), released("c3"))
    await place.moderation.say(released("c4", programme="QTLS"))
    office = place.office()
    for case_id in ("c1", "c2", "c3"):
        assert (await in_state(office, case_id, "offered"))["number"] == 1
    award = await in_state(office, "c4", "awarded")
    assert award["award_id"].startswith("QTLS-")


async def slots_go_to_one_case_each(place: Place) -> None:
    office = place.office()
    assert (await open_round(office, "spring", slots=3))["slots"] == 3
    one, two = place.participant("p-c1"), place.participant("p-c2")
    free = ok(await one.get("/vivas/c1/slots", limit=2))
    assert [each["slot_id"] for each in free["items"]] == ["s1", "s2"]
    rest = ok(await one.get("/vivas/c1/slots", after=free["next"]))
    assert [each["slot_id"] for each in rest["items"]] == ["s3"]
    body = {"round_id": "spring", "slot_id": "s1"}
    answers = await asyncio.gather(
        one.post("/vivas/c1/booking", body), two.post("/vivas/c2/booking", body)
    )
    assert sorted(each.status_code for each in answers) == [200, 422]
    (refused,) = (each for each in answers if each.status_code != 200)
    assert problem(refused) == (422, "SlotTaken")
    assert (await booked(one, "c1", "s2", "spring"))["minutes"] == 45
    assert (await booked(two, "c2", "s3", "spring"))["minutes"] == 60
    again = ok(await one.get("/vivas/c1/slots"))
    assert [each["slot_id"] for each in again["items"]] == ["s1"]
    more = {"extra_minutes": 15}
    assert ok(await office.post("/vivas/c1/adjustment", more))["extra_minutes"] == 15
    mine = ok(await one.get("/vivas/c1"))
    assert mine["minutes"] == 60
    found = ok(await office.get("/rounds/spring"))
    assert [each["case_id"] for each in found["slots"]] == [None, "c1", "c2"]


async def panels_are_independent(place: Place) -> None:
    """Source: domain.md section 1."""
    office = place.office()
    conflicted = {"lead_id": "lena", "head_id": "rita"}
    refused = await office.post("/vivas/c1/panel", conflicted)
    assert problem(refused) == (422, "PanelConflict")
    assert refused.json()["context"] == {
        "conflicts": [{"person_id": "rita", "bond": "took_part"}]
    }
    body = {"lead_id": "lena", "head_id": "hugo"}
    for case_id in ("c1", "c2"):
        panel = ok(await office.post(f"/vivas/{case_id}/panel", body))
        assert (panel["lead_id"], panel["head_id"]) == ("lena", "hugo")
    hugo = place.head()
    listed = ok(await hugo.get("/vivas"))
    assert [each["case_id"] for each in listed["items"]] == ["c1", "c2"]
    early = await judge(place.head(), "c1", "passed")
    assert problem(early) == (422, "NotYetHeld")


async def panels_hold_one_viva_at_a_time(place: Place) -> None:
    """Source: domain.md section 3: two people hold each viva (S0, S1)."""
    office = place.office()
    slots = ok(await office.get("/rounds/spring"))["slots"]
    busy, free = slots[2]["starts_at"], slots[0]["starts_at"]
    body = {
        "round_id": "clash",
        "programme": "ATS",
        "minutes": 45,
        "extra_because": "A test cannot wait for the next round.",
        "slots": [
            {"starts_at": each, "mode": "remote", "room_minutes": 60}
            for each in (busy, free)
        ],
    }
    ok(await office.post("/rounds", body))
    one = place.participant("p-c1")
    found = ok(await one.get("/vivas/c1/slots"))["items"]
    assert [each["slot_id"] for each in found if each["round_id"] == "clash"] == ["s2"]
    wanted = {"round_id": "clash", "slot_id": "s1"}
    refused = await one.post("/vivas/c1/booking", wanted)
    assert problem(refused) == (422, "PanelBusy")
    assert refused.json()["context"] == {}
    assert "hugo" not in refused.text
    told = await office.post("/vivas/c1/booking", wanted)
    assert problem(told) == (422, "PanellistBusy")


async def participants_see_their_own_alone(place: Place) -> None:
    """Source: domain.md section 1: nothing of another, and nobody of the staff."""
    one = place.participant("p-c1")
    answer = await one.get("/vivas/c1")
    assert not any(f'"{person}"' in answer.text for person in STAFF)
    mine = ok(await one.get("/vivas"))
    assert [each["case_id"] for each in mine["items"]] == ["c1"]
    assert mine["items"][0]["change_until"] is not None
    assert problem(await one.get("/vivas/c2")) == (404, "UnknownViva")
    assert problem(await one.get("/vivas/c2/slots")) == (404, "UnknownViva")
    body = {"round_id": "spring", "slot_id": "s1"}
    theirs = await one.post("/vivas/c2/booking", body)
    assert problem(theirs) == (403, "NotYourViva")
    stranger = place.head("rita")
    assert problem(await stranger.get("/vivas/c1")) == (404, "UnknownViva")


async def letters_are_confirmed(place: Place) -> None:
    """Source: domain.md section 5: checked at the moment of sending."""
    async with open_log(place.running.database.url_for("viva")) as log:
        events = await log.read_stream("viva-c1")
    appointments = {"viva.Booked", "viva.Moved"}
    told = [each.event_id for each in events if each.type in appointments]
    notification = place.running.as_service("viva", "notification")
    answers = []
    for event_id in told:
        asked = {"case_id": "c1", "stream": "viva-c1", "event_id": str(event_id)}
        answers.append(ok(await notification.post("/internal/confirm", asked)))
    assert len(told) > 1
    assert [each["is_true"] for each in answers] == [False] * (len(told) - 1) + [True]


async def the_panel_decides(place: Place) -> None:
    """Source: S0, S1; one more viva in the next round (P)."""

    async def given() -> Answer | None:
        answer = await judge(place.lead(), "c1", "passed")
        return ok(answer) if answer.status_code != 422 else None

    assert (await eventually(given))["result"] is None
    assert problem(await judge(place.lead("luis"), "c1", "passed")) == (
        403,
        "NotOnThisPanel",
    )
    assert ok(await judge(place.head(), "c1", "passed"))["result"] == "passed"
    assert ok(await judge(place.lead(), "c2", "not_passed"))["result"] is None
    assert ok(await judge(place.head(), "c2", "passed"))["result"] == "disagreed"
    settlement = {"verdict": "not_passed", "notes": "I read all of it."}
    office = place.office()
    assert (await in_state(office, "c2", "disagreed"))["lead_id"] == "lena"
    own = ok(await place.participant("p-c2").get("/vivas/c2"))
    assert own["state"] == "held"
    settled = await place.lead("luis").post("/vivas/c2/settlement", settlement)
    assert ok(settled)["result"] == "not_passed"


async def the_second_viva_is_another(place: Place) -> None:
    """Source: domain.md section 3 (P): the next round; section 1: another panel."""
    office = place.office()
    second = await in_state(office, "c2", "offered")
    assert (second["number"], second["not_passed"]) == (2, 1)
    two = place.participant("p-c2")
    same = await two.post("/vivas/c2/booking", {"round_id": "spring", "slot_id": "s1"})
    assert problem(same) == (422, "SameRound")
    await open_round(office, "autumn", slots=1, days=MONTH * 4)
    booking = await booked(two, "c2", "s1", "autumn")
    assert booking["number"] == 2
    assert booking["sequence"] > 0
    panel = {"lead_id": "lena", "head_id": "hugo"}
    again = await office.post("/vivas/c2/panel", panel)
    assert problem(again) == (422, "PanelConflict")


async def who_has_no_time_is_reminded(place: Place) -> None:
    """Source: domain.md section 5, reminders; 14, 7 and 2 days before (P)."""
    office = place.office()
    assert ok(await office.get("/vivas/c3"))["reminded"] == {}
    await place.go_on(days=MONTH - 7 - 5)

    async def is_reminded() -> Answer | None:
        found = ok(await office.get("/vivas/c3"))
        return found if found["reminded"] else None

    found = await eventually(is_reminded)
    ((round_id, mark_days),) = found["reminded"].items()
    assert round_id in {"spring", "clash"}
    assert mark_days in {7, 2}
    assert ok(await office.get("/vivas/c1"))["reminded"] == {}


async def holds_stop_a_case(place: Place) -> None:
    """Source: domain.md section 3: a clock can be stopped and restarted."""
    office, now = place.office(), utc_now()
    await place.moderation.say(released("c5"))
    await in_state(office, "c5", "offered")
    hold = {"case_id": "c5", "hold_id": "c5.1"}

    async def is_on_hold() -> bool:
        return bool(ok(await office.get("/vivas/c5"))["is_on_hold"])

    async def goes_on() -> bool:
        return not await is_on_hold()

    await place.operations.say(HoldPlaced(**hold, placed_at=now))
    await eventually(is_on_hold)
    participant = place.participant("p-c5")
    assert ok(await participant.get("/vivas/c5/slots"))["items"] == []
    wanted = {"round_id": "clash", "slot_id": "s2"}
    refused = await participant.post("/vivas/c5/booking", wanted)
    assert problem(refused) == (422, "CaseOnHold")
    await place.operations.say(HoldLifted(**hold, lifted_at=now))
    await eventually(goes_on)
    assert ok(await office.get("/vivas/c5"))["state"] == "offered"


async def certificates_are_checked(place: Place) -> None:
    """Source: domain.md section 3: status, certificate, Fellow grade, post-nominals."""
    office = place.office()
    award = await in_state(office, "c1", "awarded")
    found = ok(await office.get(f"/awards/{award['award_id']}"))
    assert (found["case_id"], found["is_held"]) == ("c1", True)
    assert found["status"] == "Advanced Teacher Status"
    wrong = award["award_id"][:-1] + ("0" if award["award_id"][-1] != "0" else "1")
    assert problem(await office.get(f"/awards/{wrong}")) == (400, "MisreadNumber")
    own = ok(await place.participant("p-c1").get("/vivas/c1"))
    assert (own["award_id"], own["grade"]) == (award["award_id"], "Fellow")


async def no_notes_are_readable(place: Place) -> None:
    async with open_log(place.running.database.url_for("viva")) as log:
        payloads = [each.payload for each in await log.read_stream("viva-c1")]
    assert not any(b"every question" in each for each in payloads)


async def read_models_are_what_the_log_says(place: Place) -> None:
    """Source: architecture.md: read models can be rebuilt from the log."""
    answer = await place.office().get("/maintenance/differences")
    last = json.loads(answer.text.splitlines()[-1])
    assert last == {"result": {"differences": {"viva": 0, "round": 0}}}


async def test_what_ends_a_viva_frees_its_slot(place: Place) -> None:
    """Source: domain.md section 4: Withdrawn, OutcomeRevised."""
    await place.submission.say(submitted("c1"), submitted("c2"))
    await place.moderation.say(released("c1"), released("c2"))
    office = place.office()
    await open_round(office, "spring", slots=2)
    for number, case_id in enumerate(("c1", "c2"), start=1):
        await in_state(office, case_id, "offered")
        mine = place.participant(f"p-{case_id}")
        await booked(mine, case_id, f"s{number}", "spring")
    await place.submission.say(Withdrawn(case_id="c1", withdrawn_at=utc_now()))
    revised = OutcomeRevised(**outcome("c2", "CNM"), replaces="CM")
    await place.moderation.say(revised)
    await in_state(office, "c1", "closed")
    await in_state(office, "c2", "none")

    async def all_free() -> bool:
        found = ok(await office.get("/rounds/spring"))
        return bool(found["free"] == 2)

    await eventually(all_free)
    answer = await place.participant("p-c1").post(
        "/vivas/c1/booking", {"round_id": "spring", "slot_id": "s1"}
    )
    assert problem(answer) == (422, "NotOffered")


async def test_refusals_say_what_is_wrong(place: Place) -> None:
    office = place.office()
    slot = {"starts_at": (utc_now() + timedelta(days=9)).isoformat(), "mode": "remote"}
    good: Answer = {
        "round_id": "june",
        "programme": "ATS",
        "minutes": 45,
        "extra_because": "A test cannot wait for the next round.",
        "slots": [slot],
    }
    march = {**slot, "starts_at": f"{utc_now().year + 1}-03-10T10:00:00Z"}
    for change, said in (
        ({"programme": "XYZ"}, (404, "UnknownProgramme")),
        ({"programme": "QTLS"}, (422, "NoViva")),
        ({"minutes": 61}, (422, "MinutesOutOfRange")),
        ({"slots": [march], "extra_because": None}, (422, "OutsideRoundMonths")),
        ({"slots": [{**slot, "room_minutes": 30}]}, (422, "SlotNotUsable")),
        ({"slots": []}, (422, "MalformedRequest")),
        ({"slots": [{**slot, "starts_at": "soon"}]}, (422, "MalformedRequest")),
        ({"slots": [{**slot, "mode": "by letter"}]}, (422, "MalformedRequest")),
        ({"round_id": "No!"}, (422, "MalformedRequest")),
        ({"surprise": 1}, (422, "MalformedRequest")),
    ):
        assert problem(await office.post("/rounds", {**good, **change})) == said
    first = await office.post("/rounds", good, key="open-the-round")
    again = await office.post("/rounds", good, key="open-the-round")
    assert (first.status_code, first.json()) == (201, again.json())
    other = {**good, "minutes": 60}
    assert problem(await office.post("/rounds", other)) == (422, "OpenedDifferently")
    listed = ok(await office.get("/rounds"))
    assert [each["round_id"] for each in listed["items"]] == ["june"]
    assert problem(await office.get("/rounds/none")) == (404, "NoSuchRound")
    booking = {"round_id": "june", "slot_id": "s1"}
    ana = place.participant("ana")
    unknown = await ana.post("/vivas/c9/booking", booking)
    assert problem(unknown) == (404, "UnknownViva")
    notes = {"verdict": "passed", "notes": ""}
    assert problem(await place.lead().post("/vivas/c9/result", notes)) == (
        422,
        "MalformedRequest",
    )
    assert problem(await office.get("/vivas", after="%%%")) == (400, "MalformedCursor")
