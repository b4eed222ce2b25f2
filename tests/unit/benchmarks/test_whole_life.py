"""What the benchmark of a whole cohort says about its figures, and how it counts."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from benchmarks.whole_life.players import Requests, all_at_once, first_accepted
from benchmarks.whole_life.results import Results, note, rows
from benchmarks.whole_life.separate import Separate
from benchmarks.whole_life.usage import MIB, Phase
from services.cli.client import RefusedError
from services.cli.demo.stage import StuckError


def phase(*, seconds: float, sizes_mib: tuple[int, ...] = (9, 9, 9, 9)) -> Phase:
    return Phase(
        name="review",
        cases=1_000,
        seconds=seconds,
        processor_seconds={"driver": 10.0, "review": 90.0},
        resident_bytes=tuple(size * MIB for size in sizes_mib),
    )


def results(*phases: Phase) -> Results:
    return Results(
        phases=phases,
        commands=14_000,
        questions=6_000,
        facts=70_000,
        letters=6_000,
        judged_again=200,
        how="in one process",
    )


class TestRows:
    def test_count_from_the_first_portfolio_to_the_last_letter(self) -> None:
        whole, *_ = rows(results(phase(seconds=100), phase(seconds=150)))
        assert (whole.ours, whole.verdict) == ("4.00 cases/s", "met")

    def test_are_short_when_cases_are_too_slow(self) -> None:
        whole, *_ = rows(results(phase(seconds=251)))
        assert whole.verdict == "short"

    def test_add_what_was_grown_in_the_second_half_of_each_phase(self) -> None:
        grown = phase(seconds=1, sizes_mib=(1, 100, 105, 110))
        shrunk = phase(seconds=1, sizes_mib=(120, 130, 130, 125))
        *_, memory = rows(results(grown, shrunk))
        assert (memory.ours, memory.verdict) == ("5.00 MiB", "met")

    def test_are_short_when_the_services_keep_what_they_have_done(self) -> None:
        leaking = phase(seconds=1, sizes_mib=(100, 200, 300, 400))
        *_, memory = rows(results(leaking))
        assert memory.verdict == "short"

    def test_say_nothing_of_memory_with_too_few_cases(self) -> None:
        few = replace(phase(seconds=1, sizes_mib=(100, 200, 300, 400)), cases=40)
        *_, memory = rows(results(few))
        assert (memory.ours, memory.verdict) == ("+200 MiB", "")

    def test_say_what_a_phase_costs_for_each_case(self) -> None:
        _, review, _ = rows(results(phase(seconds=100)))
        assert review.ours == "10.00 cases/s, 100 ms processor time each"


class TestNote:
    def test_tells_what_a_case_is_made_of(self) -> None:
        told = note(results(phase(seconds=100)))
        assert "14.0 HTTP commands and 6.0 questions, 70.0 facts" in told
        assert "review 90, driver 10" in told


class TestRequests:
    def test_count_commands_and_questions_but_no_sign_in(self) -> None:
        requests = Requests()
        for method, path in (
            ("POST", "/dev/token"),
            ("POST", "/review/reviews/r1/claim"),
            ("GET", "/review/queue"),
            ("GET", "/review/queue"),
        ):
            requests.note(httpx.Request(method, f"http://here{path}"))
        assert (requests.commands, requests.questions) == (1, 2)


class TestAllAtOnce:
    def test_answers_in_the_order_of_the_items_and_tells_each_that_is_done(
        self,
    ) -> None:
        second_ran, done = threading.Event(), list[int]()

        def act(item: int) -> int:
            if item == 1:
                assert second_ran.wait(timeout=60)
            second_ran.set()
            return 10 * item

        assert all_at_once(act, (1, 2, 3), done.append) == [10, 20, 30]
        assert done == [1, 2, 3]

    def test_raises_what_an_act_raised(self) -> None:
        def act(_: int) -> None:
            raise StuckError

        with pytest.raises(StuckError):
            all_at_once(act, (1, 2), lambda _: None)


class TestFirstAccepted:
    def test_passes_over_refusals_and_asks_no_further(self) -> None:
        def asks() -> Iterator[object]:
            yield refuse
            yield lambda: "mine"
            pytest.fail("asked on after an answer")

        assert first_accepted(asks()) == "mine"  # type: ignore[arg-type]

    def test_raises_the_refusal_when_everything_is_refused(self) -> None:
        with pytest.raises(RefusedError):
            first_accepted(iter([refuse]))

    def test_is_stuck_when_there_is_nothing_to_ask(self) -> None:
        with pytest.raises(StuckError):
            first_accepted(iter([]))


def refuse() -> object:
    raise RefusedError({"title": "taken"})


class TestSeparate:
    def test_sends_a_request_where_the_service_of_its_path_listens(self) -> None:
        targets = {"viva": "http://127.0.0.1:1", "dev": "http://127.0.0.1:2/dev"}
        routed = Separate(targets, {}).routed
        viva = routed(httpx.URL("http://any/viva/vivas/c-1/slots?limit=2"))
        assert str(viva) == "http://127.0.0.1:1/vivas/c-1/slots?limit=2"
        token = routed(httpx.URL("http://any/dev/token"))
        assert str(token) == "http://127.0.0.1:2/dev/token"
