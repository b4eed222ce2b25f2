"""Which route may be called by whom: one table, asserted over HTTP.

A route without a line in the table fails, and so does a line without a route.
"""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from shared.clock import utc_now
from shared.ids import new_id
from shared.vocabulary import Role
from tests.integration.services.building import Making
from tests.integration.services.conftest import APPS
from tests.integration.services.journey import COHORT, open_cohort, operations, register
from tests.support.running_services import LEAKED_AT_STOP, Client, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

TABLE = """
submission
    POST /cohorts                                     operations
    POST /cohorts/{cohort_id}/deadline                operations
    GET  /cohorts                                     operations auditor
    POST /clock/offset                                operations
    POST /people                                      operations
    GET  /people                                      operations auditor
    POST /internal/people                             service:operations
    POST /internal/contact                            service:notification
    POST /people/{person_id}/organisation             operations
    POST /applications                                operations ana
    POST /applications/form                           operations participant ana
    GET  /applications/{case_id}/form                 operations auditor ana
    POST /applications/{case_id}/decision             operations
    GET  /applications/{case_id}                      operations auditor ana
    POST /cases                                       operations ana
    POST /cases/{case_id}/mentor                      operations ana
    POST /cases/{case_id}/mentor/request              operations ana
    POST /cases/{case_id}/mentor/appointment          operations
    POST /cases/{case_id}/adjustments/{item_id}       operations ana
    POST /cases/{case_id}/adjustments/{item_id}/agreement operations
    POST /cases/{case_id}/adjustments/{item_id}/refusal operations
    GET  /uploads/scanner                             operations auditor
    GET  /cases/{case_id}/adjustments                 operations auditor ana
    GET  /internal/cases/{case_id}/arrangements       service:viva
    POST /cases/{case_id}/queries/{item_id}           operations ana
    POST /cases/{case_id}/queries/{item_id}/answer    operations ana
    GET  /cases/{case_id}/queries                     operations auditor ana
    GET  /cases/{case_id}/clock                       operations auditor ana
    POST /internal/confirm                            service:notification
    POST /cases/{case_id}/deadline                    operations
    GET  /cases                                       operations auditor
    GET  /cases/{case_id}                             operations auditor ana
    POST /portfolios                                  operations participant ana
    GET  /cases/{case_id}/portfolio                   ana
    POST /cases/{case_id}/template                    ana
    GET  /cases/{case_id}/sections/{key}              ana
    POST /cases/{case_id}/sections/{key}              ana
    POST /cases/{case_id}/sections/{key}/file         ana
    POST /cases/{case_id}/ratings/{key}               ana
    POST /cases/{case_id}/evidence                    ana
    GET  /cases/{case_id}/evidence/{evidence_id}      ana
    POST /cases/{case_id}/evidence/{evidence_id}/remove ana
    PUT  /cases/{case_id}/drafts/{form}               ana
    GET  /cases/{case_id}/drafts/{form}               ana
    GET  /cases/{case_id}/drafts/{form}/versions      ana
    POST /cases/{case_id}/requests                    ana
    POST /cases/{case_id}/submission                  ana
    POST /internal/contributor                       service:notification
    GET  /links/{token}                               anybody
    POST /links/{token}                               anybody
    POST /links/{token}/portfolio                     anybody
    POST /links/{token}/files/{evidence_id}           anybody
    POST /cases/{case_id}/withdrawal                  operations ana
    POST /cases/{case_id}/fee                         operations
    POST /cases/{case_id}/restart                     operations ana

review
    GET  /queue                                       reviewer
    GET  /work                                        reviewer
    GET  /work/summary                                reviewer
    GET  /workloads                                   operations lead_moderator auditor
    GET  /overdue                                     operations lead_moderator auditor
    GET  /phrases/{programme} reviewer moderator lead_moderator operations auditor
    GET  /reviews/{review_id}/feedback/proposal       reviewer
    GET  /reviews/{review_id}/changes                 reviewer
    POST /conflicts                                   reviewer
    GET  /conflicts                                   lead_moderator operations auditor
    POST /reviews/{review_id}/claim                   reviewer
    POST /reviews/{review_id}/extend                  reviewer
    POST /reviews/{review_id}/release                 reviewer
    POST /reviews/{review_id}/criteria/{criterion}    reviewer
    POST /reviews/{review_id}/feedback                reviewer
    POST /reviews/{review_id}/complete                reviewer
    POST /reviews/{review_id}/recall                  reviewer
    GET  /recalls                                     operations lead_moderator auditor
    GET  /reviews/{review_id}                         reviewer
    PUT  /reviews/{review_id}/drafts/{form}           reviewer
    GET  /reviews/{review_id}/drafts/{form}           reviewer
    GET  /reviews/{review_id}/drafts/{form}/versions  reviewer
    GET  /reviews/{review_id}/own-words               reviewer
    GET  /reviews/{review_id}/portfolio               reviewer
    GET  /reviews/{review_id}/evidence/{evidence_id}  reviewer
    POST /cohorts/{cohort_id}/allocations/preview     operations lead_moderator
    POST /cohorts/{cohort_id}/allocations             operations lead_moderator
    POST /reviews/{review_id}/allocation              operations lead_moderator
    POST /reviews/{review_id}/allocation/withdrawal   operations lead_moderator
    POST /reviews/{review_id}/hand-over               reviewer
    POST /reviews/{review_id}/refer                   reviewer
    GET  /reviews/{review_id}/referral                lead_moderator
    GET  /referrals                                   lead_moderator operations auditor
    POST /reviews/{review_id}/take-over               operations lead_moderator
    GET  /reviews/{review_id}/owner                   operations lead_moderator auditor
    POST /reviews/{review_id}/conflict-override       lead_moderator
    GET  /reviews/{review_id}/conflict-override       lead_moderator auditor
    POST /reviews/{review_id}/conflict-decision       lead_moderator
    POST /internal/confirm                            service:notification

moderation
    POST /internal/lead                               service:notification
    POST /plans                                       lead_moderator
    GET  /plans/{cohort_id}                           signed-in
    POST /plans/{cohort_id}/nonces                    signed-in but-auditor
    POST /plans/{cohort_id}/reveals                   signed-in but-auditor
    POST /cohorts/{cohort_id}/release                 lead_moderator
    POST /cohorts/{cohort_id}/key                     lead_moderator
    POST /cohorts/{cohort_id}/sample                  lead_moderator
    POST /cohorts/{cohort_id}/stand-down              moderator
    GET  /cohorts/{cohort_id}/cover                   lead_moderator operations auditor
    GET  /cohorts/{cohort_id}/standings               lead_moderator auditor
    GET  /cohorts/{cohort_id}/held                    lead_moderator auditor
    GET  /cohorts/{cohort_id}/moderators              lead_moderator auditor
    POST /cases/{case_id}/{attempt}/recheck           lead_moderator
    POST /standings/{person_id}                       lead_moderator
    GET  /standings/{person_id}                       lead_moderator auditor
    GET  /cohorts/{cohort_id}/draws                   lead_moderator auditor
    GET  /cohorts/{cohort_id}/draws/export            lead_moderator auditor operations
    GET  /cohorts/{cohort_id}/draws/verification      lead_moderator auditor operations
    GET  /cohorts/{cohort_id}/report       lead_moderator auditor operations
    POST /seeds/{programme}                           lead_moderator
    GET  /seeds/{programme}                   lead_moderator auditor operations
    GET  /seeds/{programme}/refused           lead_moderator auditor operations
    POST /seeds/{programme}/{seed_id}/retirement      lead_moderator
    POST /seeds/{programme}/{seed_id}/marks           moderator lead_moderator
    GET  /seeds/{programme}/{seed_id}/portfolio       moderator lead_moderator
    GET  /seeds/{programme}/{seed_id}/files/{evidence_id} moderator lead_moderator
    GET  /cohorts/{cohort_id}/seeds           lead_moderator auditor operations
    GET  /cohorts/{cohort_id}/qualifications  lead_moderator auditor operations
    POST /cohorts/{cohort_id}/qualifications/{person_id} lead_moderator
    GET  /cohorts/{cohort_id}/qualifications/{person_id} lead_moderator auditor
    POST /cohorts/{cohort_id}/qualifications/{person_id}/ending lead_moderator
    POST /internal/confirm                            service:notification
    GET  /queue                                       moderator lead_moderator auditor
    GET  /overdue                                     lead_moderator operations auditor
    POST /cases/{case_id}/{attempt}/take              moderator
    POST /cases/{case_id}/{attempt}/hand-back         moderator
    POST /cases/{case_id}/{attempt}/judgement         moderator
    POST /cases/{case_id}/{attempt}/decision          lead_moderator
    GET  /cases/{case_id}/{attempt}                   moderator lead_moderator auditor
    PUT  /cases/{case_id}/{attempt}/drafts/{form}     moderator lead_moderator
    GET  /cases/{case_id}/{attempt}/drafts/{form}     moderator lead_moderator
    GET  /cases/{case_id}/{attempt}/drafts/{form}/versions moderator lead_moderator
    GET  /cases/{case_id}/{attempt}/portfolio         moderator
    GET  /cases/{case_id}/{attempt}/portfolio/files/{evidence_id} moderator

notification
    GET  /notices                                     operations auditor
    POST /notices/{notice_id}/retry                   operations
    POST /notices/{notice_id}/bounce                  operations
    POST /previews                                    operations lead_moderator

viva
    POST /rounds                                      operations
    GET  /rounds                                      operations auditor
    GET  /rounds/{round_id}                           operations auditor
    GET  /vivas           operations auditor lead_moderator panel_member participant ana
    GET  /vivas/{case_id} operations auditor lead_moderator panel_member participant ana
    GET  /vivas/{case_id}/slots                       operations auditor participant ana
    POST /vivas/{case_id}/booking                     operations participant ana
    POST /vivas/{case_id}/adjustment                  operations
    POST /vivas/{case_id}/panel                       operations
    GET  /vivas/{case_id}/portfolio                   lead_moderator panel_member
    GET  /vivas/{case_id}/portfolio/files/{evidence_id} lead_moderator panel_member
    GET  /vivas/{case_id}/verdicts            lead_moderator panel_member auditor
    POST /vivas/{case_id}/result                      lead_moderator panel_member
    POST /vivas/{case_id}/settlement                  lead_moderator
    GET  /awards/{award_id}                           operations auditor
    POST /internal/confirm                            service:notification

appeals
    GET  /cases/{case_id}                             participant ana
    POST /cases/{case_id}/explanations                participant ana
    POST /cases/{case_id}/support-appeals             participant ana
    POST /cases/{case_id}/conversations/{attempt}/book  participant ana
    POST /cases/{case_id}/conversations/{attempt}/times operations
    POST /cases/{case_id}/conversations/{attempt}/held  operations
    GET  /appeals                                     participant ana
    GET  /appeals/{appeal_id}                         participant ana
    POST /appeals/{appeal_id}/lodge                   participant ana
    GET  /office/appeals                              operations auditor
    GET  /office/appeals/{appeal_id}                  operations auditor
    GET  /office/appeals/{appeal_id}/clocks           operations auditor
    GET  /office/conversations                        operations auditor
    POST /office/appeals/{appeal_id}/explanation      operations
    POST /office/appeals/{appeal_id}/response         operations
    POST /office/appeals/{appeal_id}/panel            operations
    GET  /hearings                                    appeal_panel
    GET  /hearings/{appeal_id}                        appeal_panel
    POST /hearings/{appeal_id}/decision               appeal_panel
    POST /internal/confirm                            service:notification

operations
    GET  /cases/{case_id}/timeline                    operations auditor
    GET  /own/cases/{case_id}/timeline                ana
    GET  /cases/{case_id}/holds                       operations auditor
    POST /cases/{case_id}/holds                       operations
    POST /cases/{case_id}/holds/{hold_id}/lift        operations
    GET  /events                                      operations auditor
    GET  /parked                                      operations auditor
    GET  /refusals                                    operations auditor
    POST /parked/{lane_id}/release                    operations
    POST /parked/{lane_id}/discard                    operations
    POST /imports                                     operations
    GET  /log/verification                            operations auditor
    GET  /log/head                                    operations auditor
    GET  /messages/reconciliation                     operations auditor

every
    GET  /maintenance/differences                     operations auditor
    POST /maintenance/rebuild                         operations
    GET  /maintenance/position                        operations auditor service
    GET  /maintenance/programmes                      operations auditor
    GET  /livez                                       anybody
    GET  /readyz                                      anybody
    GET  /metrics                                     anybody
    GET  /openapi.json                                anybody
"""
"""Service, route, and who may.

``ana`` is the participant whose case it is, ``service`` any of our services,
``signed-in`` everybody with an identity, but those named after ``but-``; ``anybody``
all others too: what they see tells nothing about a person or a case. A link is who
asks: it was sent to somebody, and they confirm their address. A plan is published, and
names who takes part in its randomness. Draws are counted for lead and auditor alone
until the key is public. A reviewer sees the course by which they qualify themself.
Sources: domain.md section 1; architecture.md, "HTTP, time, drafts".
"""
PEOPLE = tuple(role for role in get_args(Role) if role != "service")
ASKERS = (*PEOPLE, "ana", *(f"service:{name}" for name in APPS))
"""Everybody who asks: somebody in each role alone, the owner of the case, services."""

WITHOUT_KEY = {
    "POST /internal/contributor",
    "POST /links/{token}",
    "POST /links/{token}/portfolio",
    "POST /links/{token}/files/{evidence_id}",
    "POST /internal/contact",
    "POST /internal/confirm",
    "POST /internal/lead",
    "POST /previews",
    "POST /cohorts/{cohort_id}/allocations/preview",
    "POST /maintenance/rebuild",
}
"""They change no fact, or one use is all there is: repeating them needs no key."""
UPLOADS = {
    "POST /portfolios",
    "POST /applications/form",
    "POST /cases/{case_id}/sections/{key}/file",
    "POST /cases/{case_id}/evidence",
}

BESIDE_FILES = {"POST /applications/form": {"cohort_id": COHORT}}
"""What stands beside the file of an upload."""

LATER = (utc_now() + timedelta(days=60)).date().isoformat()
PASSAGE = {
    "kind": "passage",
    "snapshot_sha256": "a" * 64,
    "section": "introduction",
    "start": 0,
    "end": 1,
}
THREE = ("authenticity", "sufficiency", "reliability")
PERSON = {"name": "New", "email": "new@example.org", "roles": ["participant"]}
PLACES = {
    "programme": "ATS",
    "seed_id": f"s{0:020}",
    "person_id": "ana",
    "item_id": "i1",
    "key": "coaching",
    "form": "coaching",
    "attempt": "1",
    "criterion": "authenticity",
    "evidence_id": "e1",
    "round_id": "june",
    "award_id": "ATS-2026-0000",
    "notice_id": str(new_id()),
    "lane_id": str(new_id()),
}
"""What stands in the path of a route, where it matters to nobody."""

BODIES: dict[str, object] = {
    "POST /cohorts": {"cohort_id": COHORT, "programme": "ATS", "deadline": LATER},
    "POST /cohorts/{cohort_id}/deadline": {"deadline": LATER},
    "POST /clock/offset": {"offset_seconds": 0},
    "POST /people": PERSON,
    "POST /internal/people": PERSON,
    "POST /internal/contact": {"person_id": "nobody", "case_id": "c1"},
    "POST /cases": {"cohort_id": COHORT, "person_id": "ana"},
    "POST /cases/{case_id}/deadline": {
        "deadline": LATER,
        "reason": "technical_fault",
    },
    "POST /people/{person_id}/organisation": {"organisation": "South College"},
    "POST /applications": {
        "cohort_id": COHORT,
        "person_id": "ana",
        "answers": {"experience": "Seven years."},
    },
    "POST /applications/{case_id}/decision": {"decision": "eligible"},
    "POST /cases/{case_id}/mentor": {"mentor_id": "ben"},
    "POST /cases/{case_id}/mentor/appointment": {"mentor_id": "ben"},
    "POST /cases/{case_id}/adjustments/{item_id}": {"details": "Words."},
    "POST /cases/{case_id}/adjustments/{item_id}/refusal": {"details": "Words."},
    "POST /cases/{case_id}/adjustments/{item_id}/agreement": {
        "viva": ["remote"],
        "until": LATER,
        "details": "Words.",
    },
    "POST /cases/{case_id}/queries/{item_id}": {"text": "Words?"},
    "POST /cases/{case_id}/queries/{item_id}/answer": {"text": "Words."},
    "POST /cases/{case_id}/fee": {"amount_pence": 100},
    "POST /cases/{case_id}/restart": {"cohort_id": COHORT},
    "POST /cases/{case_id}/template": {"template": "phases"},
    "POST /cases/{case_id}/sections/{key}": {"markdown": "Words."},
    "POST /cases/{case_id}/ratings/{key}": {"standards": {}},
    "PUT /cases/{case_id}/drafts/{form}": {"text": "Words."},
    "PUT /reviews/{review_id}/drafts/{form}": {"text": "Words."},
    "PUT /cases/{case_id}/{attempt}/drafts/{form}": {"text": "Words."},
    "POST /cases/{case_id}/requests": {
        "section": "feedback-360",
        "contribution": "learner",
        "name": "Lena",
        "email": "lena@example.org",
    },
    "POST /internal/contributor": {"case_id": "c1", "request_id": "r1"},
    "POST /conflicts": {"kind": "case", "with_id": "c1"},
    "POST /cohorts/{cohort_id}/allocations/preview": {"at_most": 9},
    "POST /cohorts/{cohort_id}/allocations": {"at_most": 9, "based_on": "0" * 64},
    "POST /reviews/{review_id}/allocation": {"reviewer_id": "rita"},
    "POST /reviews/{review_id}/hand-over": {"reviewer_id": "rita", "reason": "Ill."},
    "POST /reviews/{review_id}/refer": {"note": "I cannot tell."},
    "POST /reviews/{review_id}/take-over": {"reason": "Ill."},
    "POST /reviews/{review_id}/conflict-decision": {
        "decision": "stands",
        "reason": "It was long ago.",
    },
    "POST /reviews/{review_id}/conflict-override": {
        "reviewer_id": "rita",
        "reason": "It was long ago.",
    },
    "POST /reviews/{review_id}/criteria/{criterion}": {"level": 3},
    "POST /reviews/{review_id}/feedback": {"overall": "Thank you."},
    "POST /plans": {
        "cohort_id": COHORT,
        "programme": "ATS",
        "parties": ["p1", "p2", "p3"],
    },
    "POST /plans/{cohort_id}/nonces": {"commitment": "a" * 64},
    "POST /plans/{cohort_id}/reveals": {"nonce": "a" * 64},
    "POST /internal/lead": {"cohort_id": COHORT},
    "POST /internal/confirm": {
        "case_id": "c1",
        "stream": "moderation-c1.1",
        "event_id": "0" * 32,
    },
    "POST /cases/{case_id}/{attempt}/judgement": {
        "levels": dict.fromkeys(THREE, 3),
        "rationale": dict.fromkeys(THREE, "Because."),
        "evidence": {key: [PASSAGE] for key in THREE},
    },
    "POST /cases/{case_id}/{attempt}/decision": {
        "decision": "uphold",
        "reason": "It is.",
    },
    "POST /cases/{case_id}/{attempt}/recheck": {"reason": "They are paused."},
    "POST /standings/{person_id}": {"standing": "tightened", "reason": "A complaint."},
    "POST /seeds/{programme}": {
        "case_id": "c1",
        "panel": ["p1", "p2", "p3"],
        "permission": "The participant agreed.",
    },
    "POST /seeds/{programme}/{seed_id}/retirement": {"reason": "It became known."},
    "POST /seeds/{programme}/{seed_id}/marks": {
        "levels": dict.fromkeys(THREE, 3),
        "rationale": dict.fromkeys(THREE, "Because."),
    },
    "POST /cohorts/{cohort_id}/qualifications/{person_id}/ending": {
        "reason": "They know the participant."
    },
    "POST /rounds": {
        "round_id": "june",
        "programme": "ATS",
        "minutes": 45,
        "slots": [{"starts_at": f"{LATER}T09:00:00Z", "mode": "remote"}],
    },
    "POST /vivas/{case_id}/booking": {"round_id": "june", "slot_id": "s1"},
    "POST /vivas/{case_id}/adjustment": {"extra_minutes": 15},
    "POST /vivas/{case_id}/panel": {"lead_id": "lena", "head_id": "hugo"},
    "POST /vivas/{case_id}/result": {"verdict": "passed", "notes": "Clear."},
    "POST /vivas/{case_id}/settlement": {"verdict": "passed", "notes": "Clear."},
    "POST /cases/{case_id}/support-appeals": {"statement": "Nobody came."},
    "POST /cases/{case_id}/conversations/{attempt}/book": {
        "starts_at": f"{LATER}T09:00:00Z"
    },
    "POST /cases/{case_id}/conversations/{attempt}/times": {
        "times": [f"{LATER}T09:00:00Z"]
    },
    "POST /appeals/{appeal_id}/lodge": {
        "grounds": ["procedural-error"],
        "statement": "It was not read.",
    },
    "POST /office/appeals/{appeal_id}/explanation": {"explanation": "Because."},
    "POST /office/appeals/{appeal_id}/response": {
        "decision": "upheld",
        "reasons": "It is so.",
    },
    "POST /office/appeals/{appeal_id}/panel": {"members": ["nora", "omar", "pia"]},
    "POST /hearings/{appeal_id}/decision": {
        "decision": "dismissed",
        "reasons": "It was read.",
    },
    "POST /cases/{case_id}/holds": {"reason": "office_error"},
    "POST /notices/{notice_id}/bounce": {"code": "5.1.1"},
    "POST /previews": {"template": "receipt", "programme": "ATS"},
    "POST /parked/{lane_id}/release": {"reason": "It is repaired."},
    "POST /parked/{lane_id}/discard": {"reason": "It is a mistake."},
}
"""Well-formed bodies, so that what is refused is who asks."""


_OWN = "what its author alone writes or reads; the office does not read it either"
_HELD = "a portfolio and its judgement, for who holds the review now"
_SERVED = "a portfolio, which is served for a part in the case and nothing else"
KEPT_FROM_AUDITORS: dict[str, str] = {
    "submission GET /cases/{case_id}/portfolio": _OWN,
    "submission GET /cases/{case_id}/sections/{key}": _OWN,
    "submission GET /cases/{case_id}/evidence/{evidence_id}": _OWN,
    "submission GET /cases/{case_id}/drafts/{form}": _OWN,
    "submission GET /cases/{case_id}/drafts/{form}/versions": _OWN,
    "submission GET /internal/cases/{case_id}/arrangements": "for services",
    "review GET /queue": "what one reviewer may claim; the log has all of it",
    "review GET /reviews/{review_id}": _HELD,
    "review GET /reviews/{review_id}/drafts/{form}": _OWN,
    "review GET /reviews/{review_id}/drafts/{form}/versions": _OWN,
    "review GET /reviews/{review_id}/own-words": _OWN,
    "review GET /reviews/{review_id}/portfolio": _HELD,
    "review GET /reviews/{review_id}/evidence/{evidence_id}": _HELD,
    "review GET /reviews/{review_id}/changes": _HELD,
    "review GET /reviews/{review_id}/feedback/proposal": "a reviewer's unsaved words",
    "review GET /reviews/{review_id}/referral": "protected words, for the lead alone",
    "review GET /work": "one's own; /workloads has everybody's",
    "review GET /work/summary": "one's own; /workloads has everybody's",
    "moderation GET /cases/{case_id}/{attempt}/drafts/{form}": _OWN,
    "moderation GET /cases/{case_id}/{attempt}/drafts/{form}/versions": _OWN,
    "moderation GET /cases/{case_id}/{attempt}/portfolio": _SERVED,
    "moderation GET /cases/{case_id}/{attempt}/portfolio/files/{evidence_id}": _SERVED,
    "moderation GET /seeds/{programme}/{seed_id}/portfolio": _SERVED,
    "moderation GET /seeds/{programme}/{seed_id}/files/{evidence_id}": _SERVED,
    "viva GET /vivas/{case_id}/portfolio": _SERVED,
    "viva GET /vivas/{case_id}/portfolio/files/{evidence_id}": _SERVED,
    "appeals GET /cases/{case_id}": "one's own; /office has every case",
    "appeals GET /appeals": "one's own; /office has every appeal",
    "appeals GET /appeals/{appeal_id}": "one's own; /office has every appeal",
    "appeals GET /hearings": "what one member hears; /office has every appeal",
    "appeals GET /hearings/{appeal_id}": "for its panel; /office has every appeal",
    "operations GET /own/cases/{case_id}/timeline": "one's own; an auditor has all",
}
"""What an auditor may not read, and why. Source: domain.md section 1, architecture.md
("nothing is ever served to someone without a current part in the case")."""
WITHOUT_IDENTITY = "/links/"
"""Begins the routes that ask nobody who they are: the link itself is the proof."""


@dataclass(frozen=True, slots=True)
class Line:
    """One route of one service, and who may call it."""

    service: str
    route: str
    who: frozenset[str]

    def admits(self, asker: str) -> bool:
        if f"but-{asker}" in self.who:
            return False
        names = {asker, asker.partition(":")[0], "signed-in", "anybody"}
        return not self.who.isdisjoint(names)

    @property
    def admits_strangers(self) -> bool:
        return "anybody" in self.who


def lines() -> Iterator[Line]:
    for block in TABLE.strip().split("\n\n"):
        service, *routes = block.splitlines()
        for name in APPS if service == "every" else (service,):
            for method, path, *who in map(str.split, routes):
                yield Line(name, f"{method} {path}", frozenset(who))


def path_of(line: Line, places: dict[str, str]) -> str:
    """Return the path of a route with its parameters filled in."""
    path = line.route.split()[1]
    return re.sub(r"{(\w+)}", lambda found: places[found[1]], path)


def routes_of(app: FastAPI) -> set[str]:
    """Return ``METHOD path`` of everything an application answers."""
    found = set()
    for route in iter_route_contexts(app.routes):
        assert route.path, f"{route!r} is not in the table"
        methods = (route.methods or set()) - {"HEAD"}
        found |= {f"{method} {route.path}" for method in methods}
    return found


async def test_every_route_is_for_those_in_the_table_alone(everything: Running) -> None:
    for name, app in everything.apps.items():
        known = {line.route for line in lines() if line.service == name}
        assert routes_of(app) == known, name
    places = await _places(everything)
    wrong = [
        finding
        for line in lines()
        async for finding in _wrong_with(line, everything, places)
    ]
    assert wrong == []


class TestAuditor:
    """Source: domain.md section 1: reads and verifies everything, writes nothing."""

    def test_may_write_nothing(self) -> None:
        named = [line.route for line in lines() if "auditor" in line.who]
        assert [route for route in named if not route.startswith("GET ")] == []

    async def test_reads_everything_and_changes_nothing_in_any_route_there_is(
        self, everything: Running
    ) -> None:
        """The routes are those of the OpenAPI documents: a new one is among them."""
        places = await _places(everything)
        wrong = [
            finding
            for service, http in everything.clients.items()
            for route in await documented(http)
            async for finding in _wrong_for_auditor(
                Line(service, route, frozenset()), everything, places
            )
        ]
        assert wrong == []

    async def test_is_kept_from_no_route_that_is_not_there(
        self, everything: Running
    ) -> None:
        there = {
            f"{service} {route}"
            for service, http in everything.clients.items()
            for route in await documented(http)
        }
        assert set(KEPT_FROM_AUDITORS) <= there

    def test_verifies_the_log(self) -> None:
        allowed = {line.route for line in lines() if "auditor" in line.who}
        assert {"GET /log/verification", "GET /log/head"} <= allowed


async def _places(running: Running) -> dict[str, str]:
    """Make Ana's case, so that hers is told from others', and fill in paths."""
    desk = operations(running)
    await open_cohort(desk, days=30)
    assert (await register(desk, "ana", "participant")).is_success
    body = {"cohort_id": COHORT, "person_id": "ana"}
    case_id = (await desk.post("/cases", body)).json()["case_id"]
    return PLACES | {
        "cohort_id": COHORT,
        "case_id": case_id,
        "token": await _link(running, case_id),
        "review_id": f"{case_id}.1.1",
        "appeal_id": f"{case_id}.1",
        "hold_id": f"{case_id}.1",
    }


async def _link(running: Running, case_id: str) -> str:
    """Return a link to words that Ana asks a colleague for."""
    making = Making(
        running, running.as_person("submission", "ana", "participant"), case_id
    )
    assert (await making.post("template", {"template": "phases"})).is_success
    link = await making.asked("feedback-360", "colleague", "carl")
    return link.rpartition("/")[2]


async def _wrong_with(
    line: Line, running: Running, places: dict[str, str]
) -> AsyncIterator[str]:
    http = running.clients[line.service]
    stranger = _status(await _asked(http, line, places, {}))
    expected = "answered" if line.admits_strangers else "401 NotAuthenticated"
    if stranger != expected:
        yield f"{line.service} {line.route}: {stranger} without an identity"
    for asker in ASKERS:
        client = _client(running, line.service, asker)
        headers = {"Authorization": f"Bearer {client.token}"}
        status = _status(await _asked(http, line, places, headers))
        refusals = {"403 Forbidden", "404 NotEnrolled"}
        right = {"answered"} if line.admits(asker) else refusals
        if status not in right:
            yield f"{line.service} {line.route}: {status} for {asker}"
        if line.route.startswith("POST") and line.route not in WITHOUT_KEY:
            bare = await _asked(http, line, places, headers, key=False)
            expected = "400 MissingIdempotencyKey"
            if asker == "auditor":
                expected = "403 Forbidden"
            if _problem(bare) != expected:
                yield f"{line.service} {line.route}: {_problem(bare)} without a key"


def _client(running: Running, service: str, asker: str) -> Client:
    kind, _, name = asker.partition(":")
    if kind == "service":
        return running.as_service(service, name)
    if asker == "ana":
        return running.as_person(service, "ana", "participant")
    roles = {role: role for role in get_args(Role)}
    return running.as_person(service, f"some-{asker}", roles[asker])


async def documented(http: httpx.AsyncClient) -> list[str]:
    """Return ``METHOD path`` of everything that the OpenAPI document names."""
    document = (await http.get("/openapi.json")).json()
    return [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if not path.startswith(WITHOUT_IDENTITY)
    ]


async def _wrong_for_auditor(
    line: Line, running: Running, places: dict[str, str]
) -> AsyncIterator[str]:
    http = running.clients[line.service]
    client = _client(running, line.service, "auditor")
    headers = {"Authorization": f"Bearer {client.token}"}
    status = _status(await _asked(http, line, places, headers))
    named = f"{line.service} {line.route}"
    if not line.route.startswith("GET"):
        if status != "403 Forbidden":
            yield f"{named}: an auditor may write: {status}"
    elif (status == "answered") == (named in KEPT_FROM_AUDITORS):
        yield f"{named}: {status} for an auditor"


async def _asked(
    http: httpx.AsyncClient,
    line: Line,
    places: dict[str, str],
    headers: dict[str, str],
    *,
    key: bool = True,
) -> httpx.Response:
    path = path_of(line, places)
    if line.route.startswith("GET"):
        return await http.get(path, headers=headers)
    headers = {**headers, **({"Idempotency-Key": str(new_id())} if key else {})}
    if line.route in UPLOADS:
        files = {"file": ("empty.docx", b"", "application/octet-stream")}
        form = BESIDE_FILES.get(line.route)
        return await http.post(path, headers=headers, files=files, data=form)
    if line.route == "POST /imports":
        return await http.post(path, headers=headers, content=b"")
    body = BODIES.get(line.route, {})
    method = line.route.split()[0]
    return await http.request(method, path, headers=headers, json=body)


def _problem(answer: httpx.Response) -> str:
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    kind = answer.json().get("type", "") if answer.is_error and not is_page else ""
    return f"{answer.status_code} {kind.removeprefix('urn:attest:problem:')}"


def _status(answer: httpx.Response) -> str:
    """Return how the asker was received: refused as who they are, or answered.

    What is wrong with the request itself is an answer; a malformed one proves nothing.
    """
    problem = _problem(answer)
    about_the_asker = {"401 NotAuthenticated", "403 Forbidden", "404 NotEnrolled"}
    is_unclear = answer.is_server_error or "MalformedRequest" in problem
    return problem if is_unclear or problem in about_the_asker else "answered"
