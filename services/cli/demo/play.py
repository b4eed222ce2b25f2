"""The demonstration, act by act, through the HTTP interfaces and nothing else."""

import time
from collections.abc import Callable

from services.cli.demo.handing_in import submit_in_time, submit_with_extension
from services.cli.demo.moderating import moderate
from services.cli.demo.office import (
    import_staff,
    open_cohort,
    pass_the_deadline,
    publish_plan,
    release,
    wait_for_letters,
)
from services.cli.demo.reviewing import review
from services.cli.demo.stage import Act, Stage

ACTS: tuple[Act, ...] = (
    import_staff,
    open_cohort,
    publish_plan,
    submit_in_time,
    pass_the_deadline,
    submit_with_extension,
    review,
    moderate,
    release,
    wait_for_letters,
)


def play(stage: Stage, report: Callable[[str], None]) -> None:
    """Play every act; *report* gets what each one told, and how long it took."""
    for act in ACTS:
        started = time.monotonic()
        told = act(stage)
        report(f"{told} ({time.monotonic() - started:.1f} s)")
