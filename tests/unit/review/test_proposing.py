"""Feedback proposed from a judgement: complete, true of it, and never its rationale."""

from typing import Any

from services.review.handlers import CriterionWords, FeedbackWords
from services.review.handlers.composing import compose
from services.review.handlers.proposing import FeedbackProposal, propose
from shared.programmes import every_phrase, load_programme
from shared.vocabulary import CRITERIA, CriterionKey
from tests.unit.review.test_limits import MODIFICATION, PASSAGE

RATIONALE = "The dates in the diary and on the report differ."
BANK = every_phrase()


def judged(level: int = 3, **changes: Any) -> CriterionWords:
    below = [MODIFICATION] if level < 3 else []
    values: dict[str, Any] = {
        "level": level,
        "rationale": RATIONALE,
        "evidence": [PASSAGE],
        "modifications": below,
    }
    return CriterionWords.model_validate(values | changes)


def proposed(**levels: int) -> FeedbackProposal:
    words: dict[CriterionKey, CriterionWords] = {
        key: judged(levels[key]) for key in CRITERIA if key in levels
    }
    return propose(words, load_programme("ATS"), "workbook", BANK)


class TestProposal:
    """Source: moderation.md, "Reviewing": feedback composed from these."""

    def test_says_what_has_to_change_and_where(self) -> None:
        found = proposed(authenticity=3, sufficiency=2, reliability=4)
        assert found.missing == ()
        assert found.overall is not None
        assert found.overall.startswith(BANK.opening("ATS", "CNM"))
        assert found.overall.endswith("Already met: Authenticity and Reliability.")
        assert found.comments["sufficiency"] == (
            f"{BANK.level('ATS', 'sufficiency', 2)}"
            " What has to change is listed below; it concerns Introduction."
        )

    def test_names_where_strengths_were_seen(self) -> None:
        found = proposed(authenticity=3, sufficiency=3, reliability=3)
        assert found.overall == BANK.opening("ATS", "CM")
        assert found.comments["authenticity"].endswith(
            "We saw this in particular in Introduction."
        )

    def test_is_part_of_what_is_judged_so_far(self) -> None:
        found = proposed(sufficiency=1)
        assert (found.overall, found.missing) == (None, ("authenticity", "reliability"))
        assert list(found.comments) == ["sufficiency"]

    def test_never_holds_the_rationale(self) -> None:
        found = proposed(authenticity=1, sufficiency=2, reliability=3)
        assert RATIONALE not in found.model_dump_json()

    def test_is_feedback_that_can_be_saved_and_completed(self) -> None:
        found = proposed(authenticity=1, sufficiency=2, reliability=3)
        levels = {"authenticity": 1, "sufficiency": 2, "reliability": 3}
        words = FeedbackWords.model_validate(found.model_dump(exclude={"missing"}))
        done = compose(words, {key: judged(levels[key]) for key in CRITERIA})
        assert done.levels() == levels
