"""A portfolio that is built: sections, ratings, evidence, and words of others."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from services.cli.client import Client
from services.cli.demo import cast
from services.cli.demo.applying import mentor_address, person_id
from services.cli.demo.stage import NEXT_START, Stage, until

CIRCLE = "feedback-360"
VOICES = (
    ("colleague", "carl"),
    ("manager", "mona"),
    ("learner", "lena"),
    ("learner", "moses"),
    ("learner", "nils"),
)
STANDARDS = tuple(str(number) for number in range(1, 21))
WORDS = (
    "In autumn I asked four colleagues to plan one lesson a fortnight with me.\n\n"
    "By spring **nine of ten** learners said that feedback told them what to do next;"
    " in one group it did not, and we changed the questions together."
)
FILES: Mapping[str, bytes] = {
    "coaching.md": b"# Notes of a coaching conversation\n\nWe agreed on a question.\n",
    "draft.md": b"# Draft of the notes\n\nWhat I wrote on the train home.\n",
}
"""Evidence by its name; the last one is taken out again."""


def build(stage: Stage) -> str:
    """Build a portfolio over some weeks, with the words of others."""
    stage.go_to_day(NEXT_START + 10)
    path = f"/submission/cases/{stage.case_of(cast.BUILDER)}"
    who = stage.participant(person_id(cast.BUILDER))
    who.post(f"{path}/template", {"template": "phases"})
    written = [
        section
        for section in who.get(f"{path}/portfolio")["sections"]
        if not section["written_by_others"]
    ]
    for section in written:
        who.post(*_content(path, section))
    _attach(who, path)
    heard = _hear_others(stage, path)
    return (
        f"{len(written)} sections and a file; {heard} people wrote for it, through the"
        " links in their letters"
    )


def hand_in_built(stage: Stage) -> None:
    """Hand in what was built: after the deadline, on the days that were agreed."""
    path = f"/submission/cases/{stage.case_of(cast.BUILDER)}/submission"
    who = stage.participant(person_id(cast.BUILDER))
    who.post(path, {"role_context": "developmental"})


def _attach(who: Client, path: str) -> None:
    """Attach two files, and take one of them out again."""
    attached = [
        who.post(f"{path}/evidence", files={"file": (name, content, "text/markdown")})
        for name, content in FILES.items()
    ]
    who.post(f"{path}/evidence/{attached[-1]['evidence_id']}/remove")


def _content(path: str, section: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return where the content of a section goes, and the content."""
    if section["kind"] == "self-assessment":
        rating = {"rating": "4", "comment": "Colleagues say so, with examples."}
        return f"{path}/ratings/{section['key']}", {
            "standards": dict.fromkeys(STANDARDS, rating)
        }
    return f"{path}/sections/{section['key']}", {"markdown": WORDS}


def _hear_others(stage: Stage, path: str) -> int:
    """Ask everybody, and then let them write; return how many did."""
    asked = [(CIRCLE, kind, name) for kind, name in VOICES]
    asked += [("manager-statement", "manager", "morag")]
    for section, kind, name in asked:
        _ask(stage, path, section, kind, name)
    who = stage.participant(person_id(cast.BUILDER))
    mentor = {"section": "mentor-statement", "contribution": "mentor"}
    who.post(f"{path}/requests", mentor)
    writers = [(_address(name), name) for _, _, name in asked]
    writers += [(mentor_address(), "rhona mentor")]
    for address, name in writers:
        _write(stage, address, name)
    return len(writers)


def _ask(stage: Stage, path: str, section: str, kind: str, name: str) -> None:
    body = {
        "section": section,
        "contribution": kind,
        "name": name.title(),
        "email": _address(name),
    }
    stage.participant(person_id(cast.BUILDER)).post(f"{path}/requests", body)


def _address(name: str) -> str:
    return f"voice-{name}@example.org"


def _write(stage: Stage, address: str, name: str) -> None:
    """Follow the link in the letter, and send the form that it shows."""
    links: list[str] = []

    def has_come() -> bool:
        letters = stage.letters_to(address)
        links[:] = [
            link["address"]
            for letter in letters
            for link in letter["links"]
            if "/links/" in link["address"]
        ]
        return bool(links)

    until(has_come, f"a letter with a link to {address}")
    token = urlsplit(links[0]).path.rpartition("/links/")[2]
    form = {"email": address, "signature": name.title(), "words": WORDS}
    stage.send_form(f"/submission/links/{token}", form)
