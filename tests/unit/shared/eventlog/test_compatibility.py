"""What may change in the shape of a fact, and what may not."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, create_model

from shared.decider import Fact
from shared.eventlog import breaking_changes, schemas


class Small(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["small"] = "small"
    size: int


class Large(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["large"] = "large"
    size: int
    weight: int


class LargeWithMore(Large):
    colour: str


Either = Annotated[Small | Large, Field(discriminator="kind")]
EitherWithMore = Annotated[Small | LargeWithMore, Field(discriminator="kind")]


class Node(BaseModel):
    name: str
    children: tuple["Node", ...] = ()


class NodeOfNumbers(BaseModel):
    name: int
    children: tuple["NodeOfNumbers", ...] = ()


def schema(**fields: Any) -> dict[str, Any]:
    """Return the schema of a fact-like model with *fields*."""
    config = ConfigDict(extra="forbid")
    model: type[BaseModel] = create_model("Some", __config__=config, **fields)
    return model.model_json_schema(mode="serialization")


def field(annotation: Any) -> dict[str, Any]:
    """Return the schema of a model with one field ``a``."""
    return schema(a=(annotation, ...))


COMPATIBLE = {
    "nothing": (field(int), field(int)),
    "a new optional field": (field(int), schema(a=(int, ...), b=(int, 0))),
    "a field that became optional": (field(int), schema(a=(int, 0))),
    "a wider number": (field(int), field(float)),
    "a field that may be null now": (field(int), field(int | None)),
    "a longer enumeration": (field(Literal["x"]), field(Literal["x", "y"])),
    "an enumeration that became free": (field(Literal["x", "y"]), field(str)),
    "a lower floor": (
        field(Annotated[int, Field(ge=1)]),
        field(Annotated[int, Field(ge=0)]),
    ),
    "a pattern dropped": (field(Annotated[str, Field(pattern="^a$")]), field(str)),
    "a new variant": (field(Small), field(Either)),
    "a recursive type": (field(Node), field(Node)),
    "anything": (field(int), field(Any)),
    "values of a mapping": (field(dict[str, int]), field(dict[str, float])),
    "another title": (field(int), {**field(int), "title": "Other"}),
}

BREAKING = {
    "a field removed": (schema(a=(int, ...), b=(int, ...)), field(int)),
    "a field renamed": (field(int), schema(b=(int, ...))),
    "another type": (field(int), field(str)),
    "a narrower number": (field(float), field(int)),
    "a new required field": (field(int), schema(a=(int, ...), b=(int, ...))),
    "a field that became required": (schema(a=(int, 0)), field(int)),
    "null no longer": (field(int | None), field(int)),
    "a shorter enumeration": (field(Literal["x", "y"]), field(Literal["x"])),
    "an enumeration where there was none": (field(str), field(Literal["x"])),
    "another constant": (field(Literal["x"]), field(Literal["y"])),
    "a higher floor": (
        field(Annotated[int, Field(ge=0)]),
        field(Annotated[int, Field(ge=1)]),
    ),
    "a lower ceiling": (
        field(Annotated[str, Field(max_length=9)]),
        field(Annotated[str, Field(max_length=8)]),
    ),
    "a new ceiling": (field(str), field(Annotated[str, Field(max_length=8)])),
    "a new pattern": (field(str), field(Annotated[str, Field(pattern="^a$")])),
    "another format": (field(str), {**field(str), "format": "date"}),
    "a variant dropped": (field(Either), field(Small)),
    "a variant with more": (field(Either), field(EitherWithMore)),
    "items of another type": (field(list[int]), field(list[str])),
    "places of a tuple": (field(tuple[int, int]), field(tuple[int])),
    "a place of another type": (field(tuple[int, int]), field(tuple[int, str])),
    "values of another type": (field(dict[str, int]), field(dict[str, str])),
    "deep inside a recursive type": (field(Node), field(NodeOfNumbers)),
    "a list in place of one": (field(int), field(list[int])),
}


class TestBreakingChanges:
    @pytest.mark.parametrize("name", COMPATIBLE)
    def test_lets_pass(self, name: str) -> None:
        old, new = COMPATIBLE[name]
        assert breaking_changes(old, new) == ()

    @pytest.mark.parametrize("name", BREAKING)
    def test_names(self, name: str) -> None:
        old, new = BREAKING[name]
        changes = breaking_changes(old, new)
        assert changes
        assert all(change.startswith("$") for change in changes)

    def test_says_where_and_what(self) -> None:
        old, new = BREAKING["a shorter enumeration"]
        assert breaking_changes(old, new) == ("$.a: no longer accepts y",)

    def test_expects_an_upcaster_behind_a_higher_schema_version(self) -> None:
        class First(Fact):
            type: Literal["test.Thing"] = "test.Thing"
            a: int

        class Second(Fact):
            type: Literal["test.Thing"] = "test.Thing"
            schema_version = 2
            b: str

        old, new = schemas(First)["test.Thing"], schemas(Second)["test.Thing"]
        assert breaking_changes(old, new) == ()
        assert breaking_changes(new, {**new, "required": ["c"]})


class TestSchemas:
    def test_describe_the_stored_form_by_type(self) -> None:
        class Thing(Fact):
            type: Literal["test.Thing"] = "test.Thing"
            a: int

        class Other(Fact):
            type: Literal["test.Other"] = "test.Other"

        found = schemas(Annotated[Thing | Other, Field(discriminator="type")])
        assert set(found) == {"test.Thing", "test.Other"}
        assert found["test.Thing"]["x-schema-version"] == 1
        assert found["test.Thing"]["additionalProperties"] is False
        assert "a" in found["test.Thing"]["required"]
