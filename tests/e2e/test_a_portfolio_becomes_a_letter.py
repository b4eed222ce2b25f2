"""Two portfolios, from the command line to the letter in the mailbox.

The workbook meets the criteria. The phases folder is judged to meet them, too; two
moderators, blind, miss the same evidence, and the lead overturns.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from services.submission.documents.samples import render_samples
from tests.e2e.cohort import ALL_MET, INSUFFICIENT, Cohort, cohort_at, eventually
from tests.e2e.terminal import Terminal
from tests.support.processes import AttestUp

COHORT = "ats-journey"
SAMPLES = ("ats-phases", "ats-workbook")
WORKBOOK, PHASES = "workbook@journey.example", "phases@journey.example"
MET, NOT_MET = "meets all three criteria", "Criteria not met"
REVIEWER, LEAD = "rev-rhona", "lead-una"
MODERATORS = ("mod-sam", "mod-tess")
STAFF = f"""id,name,email,organisation,roles
{REVIEWER},Rhona Vale,rhona@office.example,set-office,reviewer
{MODERATORS[0]},Sam Ito,sam@office.example,set-office,moderator
{MODERATORS[1]},Tess Obi,tess@office.example,set-office,moderator
{LEAD},Una Berg,una@office.example,set-office,lead_moderator
"""


@dataclass(frozen=True, slots=True)
class Cases:
    """The case of each of the two portfolios."""

    workbook: str
    phases: str


@pytest.fixture(scope="module")
def journey(attest_up: AttestUp) -> Iterator[Cohort]:
    with cohort_at(attest_up.url, COHORT) as cohort:
        yield cohort


@pytest.fixture(scope="module")
def released(
    attest_up: AttestUp, journey: Cohort, tmp_path_factory: pytest.TempPathFactory
) -> Cases:
    """Both cases, with their outcomes released."""
    terminal = Terminal({"ATTEST_URL": attest_up.url})
    directory = tmp_path_factory.mktemp("journey")
    (directory / "staff.csv").write_text(STAFF)
    terminal.ask("people", "import", directory / "staff.csv")
    journey.open()
    journey.publish_plan(LEAD)
    cases = Cases(**_submitted(terminal, directory))
    journey.pass_the_deadline()
    for case_id in (cases.workbook, cases.phases):
        journey.review(case_id, REVIEWER, ALL_MET)
    journey.moderate(cases.workbook, MODERATORS[0], ALL_MET)
    for moderator in MODERATORS:
        journey.moderate(cases.phases, moderator, INSUFFICIENT)
    journey.overturn(cases.phases, LEAD, INSUFFICIENT)
    assert journey.release(LEAD) == 2
    return cases


def _submitted(terminal: Terminal, directory: Path) -> dict[str, str]:
    """Hand in two samples as two other people's: their own are in another cohort."""
    cases = {}
    for path in render_samples(directory / "samples", names=SAMPLES):
        kind = path.stem.removeprefix("ats-")
        whose = ("--cohort", COHORT, "--email", f"{kind}@journey.example")
        cases[kind] = terminal.ask("submit", path, *whose).row()["case_id"]
    return cases


def _told(terminal: Terminal, case_id: str) -> list[dict[str, Any]] | None:
    """Return what happened to a case once a letter followed its outcome."""
    lines = terminal.ask("case", case_id).rows()
    types = [line["type"] for line in lines]
    after = types[types.index("moderation.OutcomeReleased") :]
    letters = {"notification.Rendered", "notification.HandedOver"}
    return lines if letters <= set(after) else None


class Post:
    """The mailbox, read by somebody who signed in with a browser."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, follow_redirects=True)
        self._http.post("/sign-in", data={"person_id": "operator"}).raise_for_status()

    def close(self) -> None:
        self._http.close()

    def page(self, path: str) -> str:
        answer = self._http.get(path)
        answer.raise_for_status()
        return " ".join(html.unescape(answer.text).split())

    def letter_to(self, address: str, words: str) -> str | None:
        """Return the path of the one letter to *address* with *words*, or None yet."""
        listed = self.page("/mailbox")
        paths = set(re.findall(r'href="(/mailbox/[0-9a-f]{32})"', listed))
        pages = {path: self.page(path) for path in paths}
        found = [
            path for path in paths if address in pages[path] and words in pages[path]
        ]
        assert len(found) <= 1, "a letter came twice"
        return found[0] if found else None

    def attachment(self, letter: str) -> bytes:
        answer = self._http.get(f"{letter}/attachments/1")
        answer.raise_for_status()
        return answer.content


@pytest.fixture
def post(attest_up: AttestUp) -> Iterator[Post]:
    post = Post(attest_up.url)
    yield post
    post.close()


class TestPortfolio:
    def test_that_meets_the_criteria_becomes_a_letter_that_says_so(
        self, released: Cases, post: Post
    ) -> None:
        letter = eventually(lambda: post.letter_to(WORKBOOK, MET), "the letter")
        text = post.page(letter)
        assert MET in text
        assert "invite you to the next stage" in text
        assert post.attachment(letter).startswith(b"%PDF-")

    def test_that_is_overturned_becomes_a_letter_with_the_leads_feedback(
        self, released: Cases, post: Post
    ) -> None:
        letter = eventually(lambda: post.letter_to(PHASES, NOT_MET), "the letter")
        text = post.page(letter)
        assert NOT_MET in text
        assert "Let colleagues say in their own words what changed for them." in text
        assert post.attachment(letter).startswith(b"%PDF-")

    def test_is_followed_fact_by_fact(
        self, released: Cases, terminal: Terminal, post: Post
    ) -> None:
        eventually(lambda: post.letter_to(PHASES, NOT_MET), "the letter")
        lines = eventually(partial(_told, terminal, released.phases), "the end")
        types = [line["type"] for line in lines]
        in_order = [
            "submission.Submitted",
            "review.Requested",
            "review.Claimed",
            "review.Completed",
            "moderation.Opened",
            "moderation.BlindJudgementRecorded",
            "moderation.Overturned",
            "moderation.OutcomeReleased",
        ]
        # The last of each: the receipt of the submission is a letter, too.
        places = [len(types) - types[::-1].index(type_) for type_ in in_order]
        assert places == sorted(places)
        assert types.count("moderation.BlindJudgementRecorded") == len(MODERATORS)
        positions = [line["position"] for line in lines]
        assert positions == sorted(positions)

    def test_is_listed_with_its_letter(
        self, released: Cases, terminal: Terminal, post: Post
    ) -> None:
        eventually(lambda: post.letter_to(WORKBOOK, MET), "the letter")
        cases = terminal.ask("cases", "--cohort", COHORT).rows()
        assert {case["case_id"] for case in cases} == {
            released.workbook,
            released.phases,
        }

        def outcomes() -> list[str]:
            letters = terminal.ask("letters", "--state", "handed_over").rows()
            mine = [each for each in letters if each["case_id"] == released.workbook]
            templates = [letter["template"] for letter in mine]
            return [each for each in templates if each.startswith("outcome")]

        assert eventually(outcomes, "the letter in the list") == ["outcome-cm"]

    def test_leaves_nothing_undone_or_done_twice(
        self, released: Cases, terminal: Terminal, post: Post
    ) -> None:
        eventually(lambda: post.letter_to(WORKBOOK, MET), "the letter")
        eventually(lambda: post.letter_to(PHASES, NOT_MET), "the letter")
        assert all(found["holds"] for found in terminal.ask("doctor").rows())


class TestPlan:
    def test_is_compared_with_another_on_the_log_of_the_cohort(
        self, released: Cases, journey: Cohort, terminal: Terminal, tmp_path: Path
    ) -> None:
        shown = journey.office.get(f"/moderation/plans/{COHORT}")
        rules_then = shown["plan"]["rules"]
        rules_then |= {"first_judgements": 1, "newcomers": None, "floors": []}
        rules = tmp_path / "rules.yaml"
        rules.write_text(yaml.safe_dump(shown))
        what_if = ("moderation", "plan", "--cohort", COHORT, "--what-if", rules)
        before = terminal.ask(*what_if).row()
        assert before["is_exact"] is False
        (reviewer,) = before["reviewers"]
        assert reviewer["reviewer_id"] == REVIEWER
        assert (reviewer["judgements"], reviewer["drawn_then"]) == (2, 2)
        assert reviewer["expected_now"] < reviewer["expected_then"] == 2
        lead = journey.person(LEAD, "lead_moderator")
        lead.post(f"/moderation/cohorts/{COHORT}/key")
        after = terminal.ask(*what_if).row()
        assert after["is_exact"] is True
        assert after["reviewers"][0]["drawn_now"] in {1, 2}
        assert "Nothing was written." in terminal.run(*what_if).out
