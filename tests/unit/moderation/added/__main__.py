"""Adds a decision to the one module that says how, and tells what becomes of it.

Run as a process of its own: nothing else has read that module before.
"""

import asyncio
import json
import sys
from importlib.util import find_spec, module_from_spec
from pathlib import Path

NAME = "services.moderation.domain.decisions"
ADDED = '''
class LevelsCorrected(Settles):
    """The outcome stands; the participant reads other levels."""

    sentence = "Levels corrected"
    type: Literal["moderation.LevelsCorrected"] = "moderation.LevelsCorrected"
    decided_by: PersonId
    levels: dict[CriterionKey, Level]
    reason: Personal[str]
    feedback: Personal[str]
    other_work: OtherWork
    other_work_reason: Personal[str]


class Correct(Words):
    """Other levels that lead to the same outcome."""

    makes: ClassVar[type[Fact]] = LevelsCorrected
    decision: Literal["correct"]
    correcting: Overturning

    @staticmethod
    def decided(given: Given, judged: JudgedCase) -> LevelsCorrected:
        """Return the levels; they must lead to the same outcome."""
        if outcome_of(given.levels) != judged.outcome:
            raise LevelsChangedError
        return carry(given, LevelsCorrected)


'''
UNIONS = {
    "Upheld | FeedbackAmended | Overturned": "LevelsCorrected",
    "Uphold | Amend | Overturn | Return": "Correct",
}


def add() -> None:
    """Load the module as it is after what its first lines say to do."""
    spec = find_spec(NAME)
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text()
    first = "Decision: TypeAlias"
    assert first in source
    source = source.replace(first, f"{ADDED}{first}", 1)
    for union, more in UNIONS.items():
        assert union in source
        source = source.replace(union, f"{union} | {more}", 1)
    module = sys.modules[NAME] = module_from_spec(spec)
    exec(compile(source, spec.origin, "exec"), module.__dict__)  # noqa: S102


if __name__ == "__main__":
    add()
    from tests.unit.moderation.added.story import tell

    sys.stdout.write(json.dumps(asyncio.run(tell())))
