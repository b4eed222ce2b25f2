"""Ids derived from what caused something."""

from shared.ids import derived_id


class TestDerivedId:
    def test_is_the_same_for_the_same_parts(self) -> None:
        assert derived_id("request", "p-1", "key") == derived_id(
            "request", "p-1", "key"
        )

    def test_tells_parts_apart_however_they_are_cut(self) -> None:
        assert derived_id("a", "b") != derived_id("ab", "")

    def test_is_a_uuid_of_version_8(self) -> None:
        """Source: RFC 9562, section 5.8."""
        made = derived_id("a")
        assert (made.version, made.variant) == (8, "specified in RFC 4122")
