"""Steps by which a portfolio is built over HTTP."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.integration.services.journey import (
    COHORT,
    Answer,
    open_cohort,
    operations,
    register,
)
from tests.support.running_services import Client, Running

WORDS = "I changed one thing.\n\nIt worked for **nine** of ten learners."
STANDARDS = [str(number) for number in range(1, 21)]
VOICES = (
    ("colleague", "carl"),
    ("manager", "mona"),
    ("learner", "lena"),
    ("learner", "moses"),
    ("learner", "nils"),
)
CIRCLE = "feedback-360"


@dataclass(slots=True)
class Making:
    """Ana, her case, and everybody around it."""

    running: Running
    ana: Client
    case_id: str

    @property
    def http(self) -> httpx.AsyncClient:
        """Somebody without an identity."""
        return self.running.clients["submission"]

    def path(self, rest: str) -> str:
        return f"/cases/{self.case_id}/{rest}"

    async def post(self, rest: str, body: object = None, **more: Any) -> httpx.Response:
        return await self.ana.post(self.path(rest), body, **more)

    async def upload(self, rest: str, name: str, content: bytes) -> httpx.Response:
        file = (name, content, "application/octet-stream")
        return await self.ana.post(self.path(rest), files={"file": file})

    async def overview(self) -> Answer:
        answer = await self.ana.get(self.path("portfolio"))
        assert answer.status_code == 200, answer.text
        found: Answer = answer.json()
        return found

    async def ask(self, section: str, kind: str, name: str | None) -> httpx.Response:
        body = {"section": section, "contribution": kind}
        if name is not None:
            body |= {"name": name.title(), "email": address(name)}
        return await self.post("requests", body)

    async def link(self, request_id: str) -> str:
        """Return the path of the link, as the letter gets it."""
        body = {"case_id": self.case_id, "request_id": request_id}
        sender = self.running.as_service("submission", "notification")
        answer = await sender.post("/internal/contributor", body)
        assert answer.status_code == 200, answer.text
        path = urlsplit(str(answer.json()["link"])).path
        return "/links/" + path.rpartition("/links/")[2]

    async def asked(self, section: str, kind: str, name: str | None) -> str:
        """Ask somebody and return the path of their link."""
        answer = await self.ask(section, kind, name)
        assert answer.status_code == 201, answer.text
        return await self.link(answer.json()["request_id"])

    async def give(self, link: str, name: str, words: str = WORDS) -> httpx.Response:
        form = {"email": address(name), "signature": name.title(), "words": words}
        return await self.http.post(link, data=form)

    async def fill(self) -> None:
        """Fill every section that the participant fills."""
        for section in (await self.overview())["sections"]:
            key = section["key"]
            if section["kind"] == "self-assessment":
                rating = {"rating": "4", "comment": "Learners say so."}
                ratings = {"standards": dict.fromkeys(STANDARDS, rating)}
                answer = await self.post(f"ratings/{key}", ratings)
            elif not section["written_by_others"]:
                answer = await self.post(f"sections/{key}", {"markdown": WORDS})
            else:
                continue
            assert answer.status_code == 200, answer.text

    async def hear(self) -> None:
        """Let everybody give their words."""
        for kind, name in VOICES:
            link = await self.asked(CIRCLE, kind, name)
            assert (await self.give(link, name, f"{name}: {WORDS}")).status_code == 200
        mentor = await self.asked("mentor-statement", "mentor", None)
        assert (await self.give(mentor, "ben")).status_code == 200
        manager = await self.asked("manager-statement", "manager", "mona")
        assert (await self.give(manager, "mona")).status_code == 200


def address(name: str) -> str:
    return f"{name}@example.org"


async def enrolled(running: Running, *, template: str | None = "phases") -> Making:
    """Let Ana take part, with Ben as her mentor."""
    desk = operations(running)
    await open_cohort(desk, days=30)
    for name, role in (("ana", "participant"), ("ben", "mentor")):
        assert (await register(desk, name, role)).is_success
    body = {"cohort_id": COHORT, "person_id": "ana", "mentor_id": "ben"}
    answer = await desk.post("/cases", body)
    assert answer.status_code == 201, answer.text
    ana = running.as_person("submission", "ana", "participant")
    making = Making(running, ana, answer.json()["case_id"])
    if template is not None:
        chosen = await making.post("template", {"template": template})
        assert chosen.status_code == 200, chosen.text
    return making
