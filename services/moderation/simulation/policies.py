"""Plans of moderation to compare: those of the research, and the product's own.

Source: statistics.md 2.7 and section 5; the letters are its.
"""

from dataclasses import dataclass

TENTH_PPM = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Between which shares of an alarm the probability rises to certainty."""

    from_ppm: int = 300_000
    fully_ppm: int = 700_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is drawn of a reviewer's judgements; the largest probability wins."""

    name: str
    floor_ppm: int
    """Probability of every judgement, whatever it says."""
    first_judgements: int = 0
    """So many first judgements are always moderated."""
    block_size: int | None = None
    """One hidden judgement in each later block; the floor is then one in so many."""
    clear_run: int = 0
    """Everything until so many in a row were clear, and again after each that was not.

    Source: statistics.md 2.5, CSP-1.
    """
    escalation: Escalation | None = None
    seeds_ppm: int = 0
    """How often a case with definitive marks follows a judgement, seen by nobody."""
    only_overturns: bool = False
    """Compares outcomes alone, not the levels of the criteria."""
    floors_ppm: tuple[int, ...] | None = None
    """Least probability of each kind of judgement, in the order of `KINDS`."""


A = Policy(
    name="A: 10 % at random, overturns only", floor_ppm=TENTH_PPM, only_overturns=True
)
B = Policy(name="B: 10 % at random", floor_ppm=TENTH_PPM)
C = Policy(name="C: 16 % at random", floor_ppm=160_000)
D = Policy(name="D: first 5, 10 % at random", floor_ppm=TENTH_PPM, first_judgements=5)
E = Policy(name="E: until 8 clear, then 10 %", floor_ppm=TENTH_PPM, clear_run=8)
F = Policy(
    name="F: first 5, 10 %, escalating",
    floor_ppm=TENTH_PPM,
    first_judgements=5,
    escalation=Escalation(),
)
G = Policy(
    name="G: first 5, 1 in each 10, escalating",
    floor_ppm=TENTH_PPM,
    first_judgements=5,
    block_size=10,
    escalation=Escalation(),
)
H = Policy(
    name="H: first 5, 5 %, escalating, seeds",
    floor_ppm=50_000,
    first_judgements=5,
    escalation=Escalation(fully_ppm=600_000),
    seeds_ppm=50_000,
)
I = Policy(  # noqa: E741 - the letter of the source
    name="I: as G, with seeds",
    floor_ppm=TENTH_PPM,
    first_judgements=5,
    block_size=10,
    escalation=Escalation(),
    seeds_ppm=50_000,
)
RESEARCH = (A, B, C, D, E, F, G, H, I)
