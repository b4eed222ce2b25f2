"""Explanation, appeal and conversation over HTTP, on a real broker and log."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from shared.clock import utc_now
from shared.eventlog import open_log
from shared.ids import new_id
from tests.integration.appeals.conftest import Place
from tests.support.running_services import LEAKED_AT_STOP, Client, eventually
from tests.unit.appeals import world

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

Answer = dict[str, Any]
CASE = "case-1"
APPEAL = f"{CASE}.1"
PANEL = ("nora", "omar", "pia")
STAFF = (*PANEL, "rita", "mo", "olga", "lena", "hugo", "ben")
WORDS = ("Why is sufficiency", "Two pieces had", "It was not read", "was missing")


def ok(answer: httpx.Response) -> Answer:
    assert answer.is_success, answer.text
    found: Answer = answer.json()
    return found


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("urn:attest:problem:")


async def items(client: Client, path: str, **query: str | int) -> list[Answer]:
    found: list[Answer] = ok(await client.get(path, **query))["items"]
    return found


async def judged(place: Place) -> Client:
    """Tell of a CNM, through four topics; return Ana, who may ask now."""
    now = utc_now()
    tellers = place.tellers
    await tellers["review"].say(world.completed().body)
    outcome = world.released().body.model_copy(update={"released_at": now})
    await tellers["moderation"].say(outcome)
    await tellers["submission"].say(
        world.submitted().body,
        *(world.granted(person).body for person in (*PANEL, "rita")),
        world.granted("nick", organisation="north-college").body,
    )
    ana = place.participant()

    async def all_heard() -> bool:
        answer = await ana.get(f"/cases/{CASE}")
        return answer.is_success and bool(answer.json()["conversations"])

    await eventually(all_heard)
    return ana


async def test_goes_from_a_cnm_to_a_fresh_review(place: Place) -> None:
    ana = await judged(place)
    await a_conversation_is_booked(place, ana)
    await an_explanation_is_asked_for(place, ana)
    await an_explanation_is_given(place, ana)
    await an_appeal_is_lodged(ana)
    await a_panel_is_appointed(place)
    await the_panel_decides(place, ana)
    await strangers_see_nothing(place)
    await letters_are_confirmed(place)
    await nothing_personal_is_readable(place)
    for app in place.running.apps.values():
        differences = await app.state.projector.differences()
        assert set(differences.values()) == {0}


async def a_conversation_is_booked(place: Place, ana: Client) -> None:
    """Source: S2 6.2.1, S0."""
    office = place.office()
    path = f"/cases/{CASE}/conversations/1"
    times = [(utc_now() + timedelta(days=day)).isoformat() for day in (1, 2)]
    ok(await office.post(f"{path}/times", {"times": times}))
    other = (utc_now() + timedelta(days=9)).isoformat()
    refused = await ana.post(f"{path}/book", {"starts_at": other})
    assert problem(refused) == (422, "TimeNotOffered")
    first = ok(await ana.post(f"{path}/book", {"starts_at": times[0]}))
    second = ok(await ana.post(f"{path}/book", {"starts_at": times[1]}))
    assert (first["sequence"], second["sequence"]) == (0, 1)
    (talk,) = await items(ana_as_office(place, ana), "/office/conversations")
    assert (talk["state"], talk["minutes"], talk["attempt"]) == ("booked", 30, 1)


def ana_as_office(place: Place, ana: Client) -> Client:
    """Return the office, reading as of what Ana wrote."""
    return place.office()


async def an_explanation_is_asked_for(place: Place, ana: Client) -> None:
    """Source: AP 4.1."""
    stranger = await place.participant("zoe").post(f"/cases/{CASE}/explanations")
    assert problem(stranger) == (404, "UnknownCase")
    key = str(new_id())
    body = {"question": "Why is sufficiency below three?"}
    asked = ok(await ana.post(f"/cases/{CASE}/explanations", body, key=key))
    again = ok(await ana.post(f"/cases/{CASE}/explanations", body, key=key))
    assert (asked["appeal_id"], again) == (APPEAL, asked)
    twice = await ana.post(f"/cases/{CASE}/explanations", body)
    assert problem(twice) == (422, "AlreadyAsked")
    early = {"grounds": ["procedural-error"], "statement": "It was not read."}
    refused = await ana.post(f"/appeals/{APPEAL}/lodge", early)
    assert problem(refused) == (422, "NotExplainedYet")
    (mine,) = await items(ana, "/appeals")
    assert (mine["state"], mine["due_on"]) == ("asked", asked["due_on"])


async def an_explanation_is_given(place: Place, ana: Client) -> None:
    """Source: AP 4.2."""
    office = ana_as_office(place, ana)
    (due,) = await items(office, "/office/appeals", state="asked")
    assert due["appeal_id"] == APPEAL
    seen = ok(await office.get(f"/office/appeals/{APPEAL}"))
    assert seen["words"]["question"] == "Why is sufficiency below three?"
    body = {"explanation": "Two pieces had no date."}
    given = ok(await office.post(f"/office/appeals/{APPEAL}/explanation", body))
    assert given["appeal_by"] > seen["clocks"][-1]["last_day"]


async def an_appeal_is_lodged(ana: Client) -> None:
    """Source: AP 4.3, 4.4."""
    statement = "It was not read."
    unlisted = {"grounds": ["i-worked-hard"], "statement": statement}
    refused = await ana.post(f"/appeals/{APPEAL}/lodge", unlisted)
    assert problem(refused) == (422, "UnlistedGround")
    grounds = refused.json()["context"]["grounds"]
    listed = ok(await ana.get(f"/cases/{CASE}"))["grounds"]
    assert grounds == [ground["key"] for ground in listed]
    body = {"grounds": grounds[:1], "statement": statement}
    ok(await ana.post(f"/appeals/{APPEAL}/lodge", body))


async def a_panel_is_appointed(place: Place) -> None:
    """Source: domain.md section 1: no part in any round of the case."""
    office = place.office()
    path = f"/office/appeals/{APPEAL}/panel"
    for members, refusal in (
        (("nora", "omar", "rita"), "TookPart"),
        (("nora", "omar", "nick"), "SameOrganisation"),
        (("nora", "omar", "zoe"), "NotOnTheAppealPanel"),
        (("nora", "omar"), "PanelSize"),
    ):
        refused = await office.post(path, {"members": members})
        assert problem(refused) == (422, refusal)
    ok(await office.post(path, {"members": PANEL}))
    nora = place.panel("nora")
    (hearing,) = await items(nora, "/hearings")
    assert hearing["appeal_id"] == APPEAL
    assert await items(place.panel("rita"), "/hearings") == []


async def the_panel_decides(place: Place, ana: Client) -> None:
    """Source: domain.md section 3: upheld or dismissed, with reasons."""
    nora, path = place.panel("nora"), f"/hearings/{APPEAL}/decision"
    seen = ok(await nora.get(f"/hearings/{APPEAL}"))
    assert seen["words"]["statement"] == "It was not read."
    upholds = {"decision": "upheld", "reasons": "A piece was missing."}
    assert problem(await nora.post(path, upholds)) == (422, "Remedy")
    other = await place.panel("rita").post(path, upholds)
    assert problem(other) == (404, "NotOnThisPanel")
    ok(await nora.post(path, {**upholds, "remedy": "fresh_review"}))
    again = await nora.post(path, {**upholds, "remedy": "fresh_review"})
    assert problem(again) == (422, "AlreadyDecided")
    (mine,) = await items(ana, "/appeals")
    assert (mine["state"], mine["remedy"]) == ("upheld", "fresh_review")
    answer = await ana.get(f"/appeals/{APPEAL}")
    assert ok(answer)["words"]["reasons"] == "A piece was missing."
    assert [staff for staff in STAFF if f'"{staff}"' in answer.text] == []


async def strangers_see_nothing(place: Place) -> None:
    """Source: domain.md section 1: nothing of another participant."""
    zoe = place.participant("zoe")
    assert await items(zoe, "/appeals") == []
    assert problem(await zoe.get(f"/appeals/{APPEAL}")) == (404, "UnknownAppeal")
    assert problem(await zoe.get(f"/cases/{CASE}")) == (404, "UnknownCase")
    rita = place.panel("rita")
    assert problem(await rita.get(f"/hearings/{APPEAL}")) == (404, "NotOnThisPanel")


async def letters_are_confirmed(place: Place) -> None:
    """Source: domain.md section 5: checked at the moment of sending."""
    notification = place.running.as_service("appeals", "notification")
    expected = {
        f"appeal-{APPEAL}": {"appeals.Upheld": [True], "appeals.Lodged": [True]},
        f"appeal-{CASE}.c1": {"appeals.ConversationBooked": [False, True]},
    }
    async with open_log(place.running.database.url_for("appeals")) as log:
        for stream, kinds in expected.items():
            events = await log.read_stream(stream)
            for kind, answers in kinds.items():
                told = [event.event_id for event in events if event.type == kind]
                assert [
                    ok(
                        await notification.post(
                            "/internal/confirm",
                            {
                                "case_id": CASE,
                                "stream": stream,
                                "event_id": str(event_id),
                            },
                        )
                    )["is_true"]
                    for event_id in told
                ] == answers


async def nothing_personal_is_readable(place: Place) -> None:
    """Source: architecture.md, "Personal data": words are sealed in every fact."""
    async with open_log(place.running.database.url_for("appeals")) as log:
        stored = b"".join(event.payload for event in await log.read_after(0))
    assert [word for word in WORDS if word.encode() in stored] == []


async def test_is_late_held_and_refused_by_the_clock(place: Place) -> None:
    """Source: AP 4.2; S2 9.1; domain.md section 3: clocks that stop and restart."""
    ana = await judged(place)
    asked = ok(await ana.post(f"/cases/{CASE}/explanations"))
    support = {"statement": "Nobody came."}
    ok(await ana.post(f"/cases/{CASE}/support-appeals", support))
    await the_case_is_held(place, asked["due_on"])
    await place.go_on(days=60)
    await the_answers_fall_overdue(place)
    office = place.office()
    answer = {"decision": "dismissed", "reasons": "They came four times."}
    ok(await office.post(f"/office/appeals/{CASE}.2/response", answer))
    given = {"explanation": "Two pieces had no date."}
    ok(await office.post(f"/office/appeals/{APPEAL}/explanation", given))
    await place.go_on(days=120)
    body = {"grounds": ["procedural-error"], "statement": "It was not read."}

    async def too_late() -> httpx.Response | None:
        refused = await ana.post(f"/appeals/{APPEAL}/lodge", {**body, "grounds": []})
        is_there = problem(refused)[1] == "UnlistedGround"
        state = ok(await ana.get(f"/appeals/{APPEAL}"))["clocks"][-1]
        return refused if is_there and state["is_over"] else None

    await eventually(too_late)
    refused = await ana.post(f"/appeals/{APPEAL}/lodge", body)
    assert problem(refused) == (422, "TooLate")
    assert refused.json()["context"]["last_day"]


async def the_case_is_held(place: Place, due_on: str) -> None:
    await make_case(place)
    desk, office = place.desk(), place.office()
    unknown = await desk.post("/cases/nobody/holds", {"reason": "office_error"})
    assert problem(unknown) == (404, "UnknownCase")
    placed = ok(await desk.post(f"/cases/{CASE}/holds", {"reason": "office_error"}))
    held = await desk.post(f"/cases/{CASE}/holds", {"reason": "office_error"})
    assert problem(held) == (422, "AlreadyHeld")
    before = utc_now()

    async def stands_still() -> bool:
        clocks = (await office.get(f"/office/appeals/{APPEAL}/clocks")).json()
        return bool(clocks[-1]["is_stopped"])

    await eventually(stands_still)
    await place.go_on(days=7)

    async def a_week_has_passed() -> bool:
        reading = ok(await desk.get("/maintenance/position"))
        now = datetime.fromisoformat(reading["now"])
        return now > before + timedelta(days=6)

    await eventually(a_week_has_passed)
    ok(await desk.post(f"/cases/{CASE}/holds/{placed['hold_id']}/lift"))

    async def runs_on() -> bool:
        clocks = (await office.get(f"/office/appeals/{APPEAL}/clocks")).json()
        return not clocks[-1]["is_stopped"] and clocks[-1]["last_day"] > due_on

    await eventually(runs_on)
    await clocks_are_read_as_they_stood(office, before)
    (hold,) = (await desk.get(f"/cases/{CASE}/holds")).json()
    assert (hold["reason"], hold["lifted_by"]) == ("office_error", "olga")


async def clocks_are_read_as_they_stood(office: Client, before: datetime) -> None:
    """Source: domain.md section 6, 12: recomputable for any past date."""
    path = f"/office/appeals/{APPEAL}/clocks"
    past = await office.get(path, as_of=before.isoformat())
    assert past.json()[-1]["is_stopped"]
    future = await office.get(path, as_of="9999-12-31T23:59:59Z")
    assert problem(future) == (400, "FutureMoment")


async def make_case(place: Place) -> None:
    """Let the case exist for the desk."""
    teller = place.tellers["submission"]
    await teller.say(world.nominated("ben").body, stream=f"case-{CASE}")


async def the_answers_fall_overdue(place: Place) -> None:
    office = place.office()

    async def overdue() -> list[Answer] | None:
        found = await items(office, "/office/appeals", overdue="true")
        return found if all(item["overdue_on"] for item in found) else None

    late = await eventually(overdue)
    assert {item["appeal_id"] for item in late} == {APPEAL, f"{CASE}.2"}
    assert all(item["is_late"] for item in late)
    first = ok(await office.get("/office/appeals", overdue="true", limit=1))
    rest = ok(await office.get("/office/appeals", overdue="true", after=first["next"]))
    assert [i["appeal_id"] for i in first["items"] + rest["items"]] == [
        item["appeal_id"] for item in late
    ]
    assert await items(office, "/office/appeals", overdue="false") == []
