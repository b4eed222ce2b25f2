"""The phrase bank: complete, of one's own programme first, and read strictly."""

from pathlib import Path

import pytest

from shared.programmes import FOLDER, ProgrammeFileError, every_phrase, programmes
from shared.programmes.phrase_bank import PHRASES, read_phrases
from shared.vocabulary import CRITERIA

OWN = """
programme: ATS
phrases:
  - {key: own, criterion: authenticity, levels: [1], text: Ours.}
"""


class TestPhrases:
    """Source: moderation.md, "Reviewing": with a phrase bank."""

    @pytest.mark.parametrize("level", [1, 2, 3, 4])
    @pytest.mark.parametrize("criterion", CRITERIA)
    def test_are_there_for_each_criterion_and_level_of_every_programme(
        self, criterion: str, level: int
    ) -> None:
        bank = every_phrase()
        for programme in programmes():
            found = bank.of(programme.code, criterion, level)  # type: ignore[arg-type]
            assert len(found) >= 2, programme.code
            assert all(level in each.levels for each in found)
            assert bank.level(programme.code, criterion, level)  # type: ignore[arg-type]

    def test_have_the_programme_s_own_first(self) -> None:
        keys = [each.key for each in every_phrase().of("ATS", "sufficiency", 2)]
        assert keys[0] == "ats-project-effect"
        assert "sufficiency-partly-met" in keys
        assert not any(key.startswith("qtls-") for key in keys)

    def test_of_every_file_belong_to_a_programme_there_is(self) -> None:
        known = {each.code for each in programmes()} | {None}
        assert set(every_phrase().by_programme) <= known

    def test_of_an_operator_are_added(self, tmp_path: Path) -> None:
        (tmp_path / "ats.yaml").write_text(OWN)
        bank = read_phrases(FOLDER / PHRASES, tmp_path, tmp_path / "nowhere")
        assert "own" in {each.key for each in bank.of("ATS", "authenticity", 1)}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("programme: [", "cannot be read"),
            (OWN.replace("[1]", "[5]"), "phrases.0.levels.0"),
            (OWN.replace("authenticity", "honesty"), "phrases.0.criterion"),
            (OWN + "extra: 1\n", "extra"),
        ],
        ids=["yaml", "level", "criterion", "field"],
    )
    def test_that_are_malformed_are_refused_with_their_file(
        self, tmp_path: Path, text: str, said: str
    ) -> None:
        (tmp_path / "bad.yaml").write_text(text)
        with pytest.raises(ProgrammeFileError, match=r"phrases/bad\.yaml") as refused:
            read_phrases(FOLDER / PHRASES, tmp_path)
        assert said in str(refused.value)

    def test_must_cover_every_criterion_at_every_level(self, tmp_path: Path) -> None:
        (tmp_path / "ats.yaml").write_text(OWN)
        with pytest.raises(ProgrammeFileError) as refused:
            read_phrases(tmp_path)
        assert "sufficiency at 4" in str(refused.value)
        assert "an opening for CNM" in str(refused.value)
