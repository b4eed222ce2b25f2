"""Every service has the same files, and every step of the flow has a file of its name.

Source: house-style.md, "The tree"; architecture.md, the flow picture.
"""

import re

import pytest

from tests.architecture.tree import ROOT, SERVICES

FILES = {
    "README.md",
    "__init__.py",
    "__main__.py",
    "api.py",
    "app.py",
    "handlers.py",
    "outgoing.py",
    "read_models.py",
    "settings.py",
    "domain",
    "sql",
}
WHERE_NEEDED = {"consumers.py", "clocks.py", "gateways.py", "pages.py", "templates"}
"""What a service hears, has deadlines for, talks to, or shows to people."""
OF_THEIR_OWN = {
    "moderation": {"simulation", "statistics", "verify_draw"},
    "submission": {"documents"},
    "review": {"assignment"},
    "notification": {"letters"},
    "operations": {
        "blindness.py",
        "facts.py",
        "people.py",
        "verification.py",
        "wording.py",
    },
}
"""What else there is: a part that no other service has."""
FLOW = (
    "api",
    "consumers",
    "handlers",
    "domain/commands",
    "domain/decide",
    "domain/evolve",
    "outgoing",
    "read_models",
)
"""Steps of the flow picture inside a service."""
HEARS_NOBODY = {"operations"}
SHARED_STEPS = {
    "event log": "eventlog",
    "relay": "messaging/relay",
    "projector": "projector",
}
FORBIDDEN = {"utils", "helpers", "common", "base", "core", "manager", "misc"}
LONGEST_FILE_LINES = 200
"""Source: house-style.md: a file over 200 lines becomes a folder."""


def names_in(service: str) -> set[str]:
    entries = (ROOT / "services" / service).iterdir()
    return {entry.name for entry in entries if entry.name != "__pycache__"}


def has(service: str, name: str) -> bool:
    """A module may be a file or, when it grew, a folder of the same name."""
    stem = name.removesuffix(".py")
    return bool({name, stem} & names_in(service))


@pytest.mark.parametrize("service", SERVICES)
class TestService:
    def test_has_the_files_every_service_has(self, service: str) -> None:
        assert [name for name in sorted(FILES) if not has(service, name)] == []

    def test_has_no_files_that_others_would_not_have(self, service: str) -> None:
        known = {
            each.removesuffix(".py")
            for each in FILES | WHERE_NEEDED | OF_THEIR_OWN.get(service, set())
        }
        found = {each.removesuffix(".py") for each in names_in(service)}
        assert found - known == set()

    def test_has_templates_only_for_pages_or_letters(self, service: str) -> None:
        shows = has(service, "pages.py") or has(service, "letters")
        assert has(service, "templates") == shows

    def test_has_a_file_for_each_step_of_the_flow(self, service: str) -> None:
        folder = ROOT / "services" / service
        missing = {
            step
            for step in FLOW
            if not any((folder / f"{step}{end}").exists() for end in ("", ".py"))
        }
        assert missing == ({"consumers"} if service in HEARS_NOBODY else set())

    def test_has_a_pure_domain_in_four_words(self, service: str) -> None:
        domain = ROOT / "services" / service / "domain"
        found = {path.stem for path in domain.rglob("*.py")}
        assert {"events", "commands", "evolve", "decide"} <= found

    def test_numbers_its_migrations(self, service: str) -> None:
        files = sorted(p.name for p in (ROOT / "services" / service / "sql").iterdir())
        assert files
        assert all(re.match(r"^\d{4}_[a-z_]+\.sql$", name) for name in files)


@pytest.mark.parametrize("step", SHARED_STEPS.values())
def test_each_shared_step_of_the_flow_exists(step: str) -> None:
    path = ROOT / "shared" / step
    assert path.exists() or path.with_suffix(".py").exists()


def test_the_flow_picture_names_these_steps() -> None:
    """The picture is what a reader of README.md sees first."""
    _, _, after = (ROOT / "README.md").read_text().partition("## How it flows")
    picture = after.split("```")[1]
    drawn = set(re.findall(r"event log|[a-z_]{3,}", picture))
    inside = {step.rpartition("/")[2] for step in FLOW}
    assert {*inside, *SHARED_STEPS} <= {
        *drawn,
        "commands" if "command" in drawn else "",
    }


def test_no_file_has_a_name_that_says_nothing() -> None:
    sources = [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]
    assert [str(path) for path in sources if path.stem in FORBIDDEN] == []


def test_no_file_is_too_long_to_read() -> None:
    sources = [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE_LINES * 1.75
    }
    assert long == {}


def test_migrations_are_numbered_one_by_one() -> None:
    """Two with one number would run in an order that nobody has decided."""
    folders = {path.parent for path in ROOT.glob("s*/*/sql/*.sql")}
    assert folders
    for folder in folders:
        numbers = sorted(int(path.name[:4]) for path in folder.glob("*.sql"))
        assert numbers == list(range(1, len(numbers) + 1)), folder


def test_locks_hold_no_addresses() -> None:
    locks = [*(ROOT / "requirements").iterdir()]
    assert [path.name for path in locks if "://" in path.read_text()] == []
