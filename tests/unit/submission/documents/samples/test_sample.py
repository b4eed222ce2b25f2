"""Judgements and recipes of samples: what they must keep to, and what arrives."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.submission.documents.intake.names import is_system_file
from services.submission.documents.samples import Judgement, Recipe
from services.submission.documents.samples.oddities import as_handed_in

CITED = {"section": "introduction", "words": "as they stand"}
WANTED = {"section": "introduction", "standard": "1", "text": "Say where."}


def judgement(*levels: int, **more: Any) -> dict[str, Any]:
    """Return a judgement with these levels, each below 3 with a modification."""
    keys = ("authenticity", "sufficiency", "reliability")
    return {
        "outcome": "CM" if min(levels) >= 3 else "CNM",
        "criteria": {
            key: {
                "level": level,
                "rationale": "Because.",
                "evidence": [CITED],
                "modifications": [] if level >= 3 else [WANTED],
            }
            for key, level in zip(keys, levels, strict=True)
        },
        "feedback": "Read this.",
        **more,
    }


def recipe(**more: Any) -> Recipe:
    """Return a recipe for a zip."""
    about = {"programme": "ATS", "template": "phases", "about": "A sample."}
    return Recipe.model_validate({**about, "handed_in_as": "zip", **more})


class TestJudgement:
    def test_may_be_a_borderline_cm(self) -> None:
        made = Judgement.model_validate(judgement(3, 3, 4, borderline=True))
        assert made.outcome == "CM"
        assert made.borderline

    @pytest.mark.parametrize("levels", [(3, 3, 2), (1, 4, 4)])
    def test_is_cnm_when_any_criterion_is_below_three(
        self, levels: tuple[int, int, int]
    ) -> None:
        """Source: domain.md section 2."""
        with pytest.raises(ValidationError, match="does not give CM"):
            Judgement.model_validate(judgement(*levels, outcome="CM"))

    def test_is_borderline_only_when_it_is_cm(self) -> None:
        """Source: domain.md section 2."""
        with pytest.raises(ValidationError, match="only a CM can be"):
            Judgement.model_validate(judgement(3, 2, 3, borderline=True))

    def test_asks_for_a_change_below_three(self) -> None:
        """Source: domain.md section 2."""
        bare = judgement(3, 2, 3)
        bare["criteria"]["sufficiency"]["modifications"] = []
        with pytest.raises(ValidationError, match="asks for nothing"):
            Judgement.model_validate(bare)

    def test_covers_all_three_criteria(self) -> None:
        partial = judgement(3, 3, 3)
        del partial["criteria"]["reliability"]
        with pytest.raises(ValidationError, match="does not give"):
            Judgement.model_validate(partial)

    def test_rests_on_evidence(self) -> None:
        bare = judgement(3, 3, 3)
        bare["criteria"]["reliability"]["evidence"] = []
        with pytest.raises(ValidationError, match="evidence"):
            Judgement.model_validate(bare)


class TestWhatArrives:
    def test_is_inside_one_folder(self) -> None:
        made = as_handed_in({"a/b.docx": b"x"}, recipe(inside="Mine (final)"))
        assert made == {"Mine (final)/a/b.docx": b"x"}

    def test_comes_with_files_of_the_system(self) -> None:
        names = (".DS_Store", "a/Thumbs.db", "~$b.docx", "__MACOSX/._b.docx")
        made = as_handed_in({"b.docx": b"x"}, recipe(system_files=names))
        assert set(made) == {"b.docx", *names}
        assert all(is_system_file(name) and made[name] for name in names)

    def test_has_accents_apart_from_their_letters(self) -> None:
        made = as_handed_in({"Renée.docx": b"x"}, recipe(decomposed_names=True))
        assert list(made) == ["Rene\N{COMBINING ACUTE ACCENT}e.docx"]
