"""Each block has one hidden pick, whatever sizes come one after the other."""

import pytest

from services.moderation.domain.blocks import Block, SizeChange, block_of


def block(ordinal: int, *changes: SizeChange) -> Block | None:
    return block_of(ordinal, first_judgements=5, block_size=10, changes=changes)


class TestBlock:
    @pytest.mark.parametrize("ordinal", [1, 5])
    def test_begins_after_the_first_judgements(self, ordinal: int) -> None:
        assert block(ordinal) is None
        assert block(6) == Block(number=0, place=0, size=10)

    @pytest.mark.parametrize("ordinal", [6, 15, 16, 25, 106])
    def test_is_counted_from_nought(self, ordinal: int) -> None:
        assert block(ordinal) == Block((ordinal - 6) // 10, (ordinal - 6) % 10, 10)

    def test_stays_as_it_was_begun(self) -> None:
        assert block(15, (7, 20)) == Block(0, 9, 10)
        assert block(16, (7, 20)) == Block(1, 0, 20)

    def test_has_the_size_that_holds_when_it_begins(self) -> None:
        assert block(16, (16, 20)) == Block(1, 0, 20)
        assert block(16, (17, 20)) == Block(1, 0, 10)
        assert block(16, (7, 20), (12, 10)) == Block(1, 0, 10)

    def test_does_not_depend_on_what_follows(self) -> None:
        for ordinal in range(6, 60):
            assert block(ordinal, (20, 20)) == block(ordinal, (20, 20), (60, 5))
