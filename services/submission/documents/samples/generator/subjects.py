"""What a generated portfolio is about: a subject, a place, an incident, a learner."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from services.submission.documents.samples.generator.choosing import Chooser
from services.submission.documents.samples.generator.kinds import Template
from shared.programmes.strict_yaml import read_yaml

_PLACES = (
    "Ravensgate", "Thornbury", "Carrow", "Holme", "Wyke", "Southquay", "Eastmoor",
    "Brantwell", "Bridgewell", "Kilnbrook", "Thornley", "Marlhurst", "Fenchurch",
    "Hollins", "Ashgrove", "Dunsmere", "Lathebrook", "Millwater", "Oxenholt", "Pellow",
)  # fmt: skip


def subject_for(chooser: Chooser, template: Template) -> Mapping[str, Any]:
    """Return a subject with one incident and one learner, its own or any."""
    subject = dict(chooser.one(_subjects()))
    subject["setting"] = f"{chooser.one(_PLACES)} {subject['setting'].split(' ', 1)[1]}"
    for key, words in (
        ("incidents", ("incident", "learned")),
        ("learners", ("quiet_learner", "noticed")),
    ):
        own = {word: subject[word] for word in words}
        subject |= chooser.one((own, *_episodes()[key]))
    subject.setdefault("amends", chooser.one(_episodes()["amends"]))
    if template == "formation":
        subject["role"] = f"Lecturer, {subject['subject']}"
    return subject


@cache
def _episodes() -> Mapping[str, Any]:
    read = read_yaml((Path(__file__).parent / "episodes.yaml").read_bytes())
    assert isinstance(read, dict)  # noqa: S101 - a file of this package
    return read


@cache
def _subjects() -> tuple[Mapping[str, Any], ...]:
    read = read_yaml((Path(__file__).parent / "subjects.yaml").read_bytes())
    assert isinstance(read, list)  # noqa: S101 - a file of this package
    return tuple(read)
