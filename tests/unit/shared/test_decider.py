"""Records that a fold replaces are as the standard library would replace them."""

import dataclasses
from dataclasses import FrozenInstanceError, dataclass

import pytest

from shared.decider import replace


@dataclass(frozen=True)
class Shelf:
    """A record as states are."""

    name: str
    books: tuple[str, ...] = ()
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Slotted:
    """A record that keeps its fields elsewhere."""

    name: str


SHELF = Shelf("poetry", books=("Blake",))


class TestReplace:
    def test_equals_what_the_standard_library_makes(self) -> None:
        books = ("Blake", "Keats")
        expected = dataclasses.replace(SHELF, books=books, label="top")
        found = replace(SHELF, books=books, label="top")
        assert found == expected
        assert repr(found) == repr(expected)
        assert hash(found) == hash(expected)

    def test_leaves_the_record_alone(self) -> None:
        assert replace(SHELF, name="prose") == Shelf("prose", books=("Blake",))
        assert Shelf("poetry", books=("Blake",)) == SHELF, "as it was"

    def test_makes_a_frozen_record(self) -> None:
        with pytest.raises(FrozenInstanceError):
            replace(SHELF, label="top").label = None  # type: ignore[misc]

    def test_refuses_a_field_that_the_record_lacks(self) -> None:
        with pytest.raises(TypeError, match="Shelf lacks a field of"):
            replace(SHELF, colour="red")  # type: ignore[call-arg]

    def test_refuses_a_record_with_slots(self) -> None:
        with pytest.raises(AttributeError):
            replace(Slotted("poetry"), name="prose")
