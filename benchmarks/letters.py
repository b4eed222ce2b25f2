"""Letters: a decision with feedback as PDF, and the whole message with it.

A letter of average length, set again and again in this process; in the service the same
happens in a process of its own. The first one, which loads fonts and words, is not
counted.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from benchmarks.report import Row, below, median, show
from services.notification.domain.matters import Resubmission, unsealed
from services.notification.letters import (
    Correspondent,
    Letter,
    message_id_of,
    render_letter,
)
from services.notification.letters.compose import compose
from services.notification.letters.pdf import pdf_of
from shared.contracts.feedback import CriterionFeedback, Feedback, Modification
from shared.personal import Personal
from shared.programmes import load_programme
from shared.vocabulary import CRITERIA

PDF_MS = 100
"""Source: the numbers of the whole life of a case."""
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SENDER = Correspondent("Professional Status Team", "awards@attest.example")
READER = Correspondent("Zoë Adébáyò", "zoe@example.org")
WORDS = "The evidence shows what changed for learners, with dates and figures. " * 8


def letter() -> Letter:
    """Return a decision that says on each criterion what is missing."""
    programme = load_programme("ATS")
    change = Modification(section="improvement-project", standard="20", text=WORDS)
    said = CriterionFeedback(level=2, comment=WORDS, modifications=(change, change))
    sealed = Personal[str](subject="p", key="k", nonce="n", ciphertext="c")
    return Letter(
        template="outcome-cnm",
        case_id="c-benchmark",
        matter=unsealed(Resubmission(closes_on=AT.date(), feedback=sealed)),
        told_at=AT,
        programme=programme.code,
        programme_version=programme.programme_version,
        policy_version=programme.policy_version,
        cohort_id="ats-2025-10",
        feedback=Feedback(overall=WORDS, criteria=dict.fromkeys(CRITERIA, said)),
    )


def measure(work: Callable[[], object], rounds: int) -> list[float]:
    """Return the milliseconds of each round after a first one."""
    work()
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1_000)
    return spent


def rows(pdf_ms: Sequence[float], message_ms: Sequence[float]) -> Sequence[Row]:
    """Return what was measured against what must be reached."""
    return [
        below("letter as PDF", median(pdf_ms), PDF_MS, "ms"),
        Row("letter as a message with its PDF", f"{median(message_ms):.0f} ms"),
    ]


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    told = letter()
    document = compose(told, sent_at=AT, sender=SENDER, recipient=READER)
    pdf_ms = measure(lambda: pdf_of(document, created_at=AT), arguments.rounds)
    message_ms = measure(
        lambda: render_letter(
            told,
            message_id=message_id_of("n", "attest.example"),
            sent_at=AT,
            sender=SENDER,
            recipient=READER,
        ),
        arguments.rounds,
    )
    note = f"Letters: median of {len(pdf_ms)}, slowest PDF {max(pdf_ms):.0f} ms."
    show("Letters", rows(pdf_ms, message_ms), as_json=arguments.json, note=note)


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=50)
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    main(parser().parse_args())
