"""One shape from another: what is taken, and what never is."""

from dataclasses import dataclass
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.carrying import carry
from shared.personal import Personal

SEALED = Personal[str](subject="anna", key="k", nonce="n", ciphertext="c")


class Told(BaseModel):
    model_config = ConfigDict(extra="ignore")

    type: Literal["told"] = "told"
    case_id: str
    about: str
    words: Personal[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    case_id: str
    about: str
    words: Personal[str] | None = None
    rationale: str = "never to be told"


class Noted(BaseModel):
    type: Literal["noted"] = "noted"
    case_id: str
    subject: str
    words: Personal[str]


class TestCarry:
    def test_makes_commands_of_messages(self) -> None:
        told = Told(case_id="case-1", about="a", words=SEALED)
        assert carry(told, Tell, rationale="because") == Tell(
            case_id="case-1", about="a", words=SEALED, rationale="because"
        )

    def test_leaves_what_a_command_says_by_itself(self) -> None:
        noted = Noted(case_id="case-1", subject="b", words=SEALED)
        made = carry(noted, Tell, about="b")
        assert made.rationale == "never to be told"

    def test_refuses_a_command_whose_required_field_has_no_source(self) -> None:
        noted = Noted(case_id="case-1", subject="b", words=SEALED)
        with pytest.raises(TypeError, match=r"Noted into Tell: .* about"):
            carry(noted, Tell)

    def test_refuses_a_value_that_a_command_cannot_hold(self) -> None:
        told = Told(case_id="case-1", about="a")
        with pytest.raises(ValidationError):
            carry(told, Tell, about=3)

    def test_takes_what_has_the_same_name_and_nothing_else(self) -> None:
        told = carry(Tell(case_id="case-1", about="a"), Told)
        assert told.model_dump() == {
            "type": "told",
            "case_id": "case-1",
            "about": "a",
            "words": None,
        }

    def test_keeps_the_type_of_what_is_made(self) -> None:
        noted = Noted(case_id="case-1", subject="b", words=SEALED)
        told = carry(noted, Told, about=noted.subject)
        assert told == Told(case_id="case-1", about="b", words=SEALED)

    def test_prefers_what_is_named(self) -> None:
        assert carry(Tell(case_id="case-1", about="a"), Told, about="b").about == "b"

    def test_refuses_a_required_field_without_a_source(self) -> None:
        noted = Noted(case_id="case-1", subject="b", words=SEALED)
        with pytest.raises(TypeError, match=r"Noted into Told: .* about"):
            carry(noted, Told)

    def test_refuses_a_name_that_no_field_has(self) -> None:
        with pytest.raises(TypeError, match="rationale"):
            carry(Tell(case_id="case-1", about="a"), Told, rationale="because")

    def test_never_puts_a_sealed_value_where_words_are_expected(self) -> None:
        noted = Noted(case_id="case-1", subject="b", words=SEALED)
        with pytest.raises(ValidationError):
            carry(noted, Told, about=noted.words)
