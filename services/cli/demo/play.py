"""The demonstration, act by act, through the HTTP interfaces and nothing else."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.cli.demo.allocating import allocate
from services.cli.demo.appealing import (
    appeal,
    appeal_at_once,
    ask_why,
    judge_afresh,
)
from services.cli.demo.applying import apply, ask_too_late
from services.cli.demo.building import build
from services.cli.demo.conflicting import decide_conflict, find_conflict
from services.cli.demo.elsewhere import (
    judge_elsewhere,
    judge_overdue,
    lift_hold,
    submit_elsewhere,
)
from services.cli.demo.finding import (
    decide_about_them,
    judge_many,
    re_mark_the_held,
    release_the_others,
    submit_many,
)
from services.cli.demo.handing_in import submit_in_time, submit_with_extension
from services.cli.demo.moderating import moderate
from services.cli.demo.office import (
    change_employers,
    import_staff,
    open_cohort,
    open_next_cohort,
    pass_the_deadline,
    publish_plan,
    release,
    return_a_letter,
    reveal_key,
    wait_for_awards,
    wait_for_letters,
)
from services.cli.demo.pausing import pause_a_reviewer
from services.cli.demo.restarting import begin_anew, hand_in_next, judge_next_cohort
from services.cli.demo.resubmitting import converse, judge_again, resubmit
from services.cli.demo.reviewing import declare_conflict, review
from services.cli.demo.seeding import judge_seeds, make_seeds
from services.cli.demo.stage import Act, Stage
from services.cli.demo.supporting import answer_late, appeal_about_support
from services.cli.demo.vivas import (
    book_vivas,
    hold_last_vivas,
    hold_later_vivas,
    hold_vivas,
    hold_vivas_again,
)

ACTS: tuple[Act, ...] = (
    import_staff,
    open_cohort,
    publish_plan,
    submit_in_time,
    pass_the_deadline,
    submit_with_extension,
    allocate,
    review,
    moderate,
    release,
    wait_for_letters,
    reveal_key,
)
"""To the release of the outcomes: what a cohort of any size plays."""
WHOLE_LIFE: tuple[Act, ...] = (
    import_staff,
    open_cohort,
    open_next_cohort,
    apply,
    publish_plan,
    submit_in_time,
    submit_elsewhere,
    submit_many,
    pass_the_deadline,
    submit_with_extension,
    declare_conflict,
    allocate,
    review,
    find_conflict,
    moderate,
    release,
    pause_a_reviewer,
    judge_elsewhere,
    decide_conflict,
    judge_many,
    release_the_others,
    re_mark_the_held,
    decide_about_them,
    wait_for_letters,
    return_a_letter,
    appeal_at_once,
    book_vivas,
    converse,
    lift_hold,
    hold_vivas,
    hold_vivas_again,
    resubmit,
    judge_again,
    wait_for_letters,
    ask_why,
    appeal,
    appeal_about_support,
    judge_afresh,
    judge_overdue,
    begin_anew,
    hold_later_vivas,
    change_employers,
    ask_too_late,
    answer_late,
    build,
    make_seeds,
    hand_in_next,
    judge_next_cohort,
    judge_seeds,
    hold_last_vivas,
    wait_for_awards,
    wait_for_letters,
    reveal_key,
)
"""From the opening of a cohort to awards, restarts and appeals: fourteen months."""


@dataclass(frozen=True, slots=True)
class Played:
    """An act that is over."""

    name: str
    on: date
    """The day it ended on, by the clock of the demonstration."""
    told: str
    """What happened, in one line."""
    seconds: float
    """How long it took."""


def acts_of(stage: Stage) -> tuple[Act, ...]:
    """Return what is played: a small cohort has nobody for what comes afterwards."""
    return WHOLE_LIFE if stage.is_whole else ACTS


def play(stage: Stage, report: Callable[[Played], object]) -> None:
    """Play every act; *report* gets each one as soon as it is over."""
    for act in acts_of(stage):
        started = time.monotonic()
        told = act(stage)
        seconds = time.monotonic() - started
        name = act.__name__.replace("_", " ")
        report(Played(name, stage.now().date(), told, seconds))
