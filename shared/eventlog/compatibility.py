"""Schemas of the stored form, and what may not change between two of them.

Invariant: whatever the old schema describes, the new one accepts, or the change is
reported. Unknown keywords are compared for equality, so nothing slips through.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter

from shared.eventlog.codec import fact_types

Schema = Mapping[str, Any]

_DESCRIPTIONS = frozenset({"title", "description", "default", "examples", "$defs"})
_CHILDREN = frozenset(
    {
        "$ref", "type", "const", "enum", "properties", "required", "anyOf", "oneOf",
        "additionalProperties", "items", "prefixItems", "discriminator",
    }
)  # fmt: skip
_VERSION = "x-schema-version"

_FLOORS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_CEILINGS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def schemas(union: Any) -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of the stored form of every fact in *union*, by type."""
    return {
        name: {
            **TypeAdapter(model).json_schema(mode="serialization"),
            _VERSION: model.schema_version,
        }
        for name, model in fact_types(union).items()
    }


def breaking_changes(old_schema: Schema, new_schema: Schema) -> tuple[str, ...]:
    """Return why payloads of *old_schema* might not be read by *new_schema*.

    Each as ``path: what changed``. A higher schema version may change anything: an
    upcaster stands between the two.
    """
    if new_schema.get(_VERSION, 0) > old_schema.get(_VERSION, 0):
        return ()
    return tuple(_Comparison(old_schema, new_schema).between(old_schema, new_schema))


class _Comparison:
    """Walks two documents side by side, each with its own definitions."""

    def __init__(self, old_root: Schema, new_root: Schema) -> None:
        self._old_definitions: Schema = old_root.get("$defs", {})
        self._new_definitions: Schema = new_root.get("$defs", {})
        self._under_way: set[tuple[str, str]] = set()

    def between(self, old: Schema, new: Schema, path: str = "$") -> Iterator[str]:
        """Yield what *new* no longer accepts of what *old* describes."""
        references = (old.get("$ref", ""), new.get("$ref", ""))
        if any(references):
            if references in self._under_way:  # a recursive definition
                return
            self._under_way.add(references)
            try:
                yield from self.between(
                    _resolved(old, self._old_definitions),
                    _resolved(new, self._new_definitions),
                    path,
                )
            finally:
                self._under_way.discard(references)
        elif _variants(old) or _variants(new):
            yield from self._variants(old, new, path)
        else:
            yield from self._one(old, new, path)

    def _variants(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        """Yield each variant of *old* that no variant of *new* accepts."""
        offered = _variants(new) or (new,)
        for variant in _variants(old) or (old,):
            if not any(self._accepts(variant, one, path) for one in offered):
                name = variant.get("$ref", variant.get("type", "?"))
                yield f"{path}: no longer accepts {name}"

    def _accepts(self, old: Schema, new: Schema, path: str) -> bool:
        return next(self.between(old, new, path), None) is None

    def _one(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        if not set(new) - _DESCRIPTIONS:  # accepts anything
            return
        if not _types(old) <= _types(new):
            yield f"{path}: type {old.get('type')} became {new.get('type')}"
            return
        yield from _values(old, new, path)
        yield from _bounds(old, new, path)
        yield from self._object(old, new, path)
        yield from self._array(old, new, path)

    def _object(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in before:
            if name not in after:
                yield f"{path}.{name}: removed"
            else:
                yield from self.between(before[name], after[name], f"{path}.{name}")
        for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield f"{path}.{name}: became required"
        yield from self._additional(old, new, path)

    def _additional(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        if old.get("type") != "object":
            return
        before = old.get("additionalProperties", True)
        after = new.get("additionalProperties", True)
        if before is False or after is True:
            return
        if after is False or before is True:
            yield f"{path}: other fields are no longer accepted"
        else:
            yield from self.between(before, after, f"{path}.*")

    def _array(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("prefixItems", ()), new.get("prefixItems", ())
        if len(before) != len(after):
            yield f"{path}: has {len(after)} places instead of {len(before)}"
            return
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from self.between(one, other, f"{path}[{place}]")
        if isinstance(old.get("items"), Mapping) or isinstance(
            new.get("items"), Mapping
        ):
            yield from self.between(
                old.get("items", {}) or {}, new.get("items", {}) or {}, f"{path}[]"
            )


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    """Return what *schema* refers to, with the keywords that stand beside the $ref."""
    if "$ref" not in schema:
        return schema
    target = definitions[schema["$ref"].removeprefix("#/$defs/")]
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**target, **beside}


def _variants(schema: Schema) -> tuple[Schema, ...]:
    return tuple(schema.get("anyOf", ())) or tuple(schema.get("oneOf", ()))


def _types(schema: Schema) -> frozenset[str]:
    declared = schema.get("type")
    if declared is None:
        return frozenset({"any"})
    names = {declared} if isinstance(declared, str) else set(declared)
    return frozenset(names | ({"integer"} if "number" in names else set()))


def _allowed(schema: Schema) -> frozenset[Any] | None:
    if "const" in schema:
        return frozenset({schema["const"]})
    return frozenset(schema["enum"]) if "enum" in schema else None


def _values(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, after = _allowed(old), _allowed(new)
    if after is None:
        return
    if before is None:
        yield f"{path}: accepts only {_shown(after)} now"
    elif not before <= after:
        yield f"{path}: no longer accepts {_shown(before - after)}"


def _shown(values: frozenset[Any]) -> str:
    return ", ".join(sorted(map(str, values)))


def _bounds(old: Schema, new: Schema, path: str) -> Iterator[str]:
    for keyword in _FLOORS:
        if keyword in new and old.get(keyword, float("-inf")) < new[keyword]:
            yield f"{path}: {keyword} rose to {new[keyword]}"
    for keyword in _CEILINGS:
        if keyword in new and old.get(keyword, float("inf")) > new[keyword]:
            yield f"{path}: {keyword} fell to {new[keyword]}"
    known = {*_FLOORS, *_CEILINGS, *_CHILDREN, *_DESCRIPTIONS, _VERSION}
    for keyword in sorted(set(new) - known):
        if new[keyword] != old.get(keyword):
            yield f"{path}: {keyword} is {new[keyword]!r} now"
