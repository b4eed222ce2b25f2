"""The rules that tests prove, with the source of each, as the page ``docs/rules.md``.

``make rules`` writes it. A test is a rule when its docstring, or that of its class,
says ``Source: ...``; the names of class and function together are the sentence.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "rules.md"

_HEAD = """\
# Rules and the tests that prove them

Written by `make rules` from the tests; do not edit it. Each line is a test: what it
shows, where the rule comes from, and where the test stands. A rule with several sources
stands under each of them.

Sources: S0 interview on ATS; S1 programme page; S2 support policy; S3 models of
advanced practitioners; S4 national standards for mentors; AP appeals policy; P our own
default, which a programme file may change; domain.md the description of the domain;
the other documents by their names.
"""
_FAMILY = re.compile(r"\b(?:S[0-4]|AP|ETF|P|domain\.md(?: section \d)?)(?![\w.-])")
_MARK = "Source:"
_NAMES = ("ATS", "CM", "CNM", "CPD", "England", "HTTP", "JSON", "London", "PDF", "QTLS")


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One sentence with its source, and the test that proves it."""

    source: str
    where: str
    """Path of the test from the top of the project."""
    subject: str
    sentence: str

    @property
    def families(self) -> tuple[str, ...]:
        """The sources it is listed under, for example ``S2`` and ``AP``."""
        said = re.sub(r"domain\.md (?=\d)", "domain.md section ", self.source)
        return tuple(dict.fromkeys(_FAMILY.findall(said))) or ("Other documents",)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the domain's tables, and by what the tests that prove it are known."""

    title: str
    source: str
    """Pattern in the source of a rule."""
    words: str = ""
    """Pattern in its sentence."""
    where: str = ""
    """Start of the path of its test."""

    def proofs(self, rules: tuple[Rule, ...]) -> Iterator[Rule]:
        """Yield the rules that belong to this row."""
        for rule in rules:
            said = f"{rule.subject} {rule.sentence}"
            if (
                re.search(self.source, rule.source)
                and re.search(self.words, said, re.IGNORECASE)
                and rule.where.startswith(self.where)
            ):
                yield rule


def rules(tests: Path = ROOT / "tests") -> tuple[Rule, ...]:
    """Return every rule that the tests below *tests* name a source for."""
    return tuple(
        sorted(
            rule
            for path in tests.rglob("test_*.py")
            for rule in _rules_in(path.read_text(), path.relative_to(tests.parent))
        )
    )


def page(
    found: tuple[Rule, ...],
    rows: Mapping[str, tuple[Row, ...]],
    awaited: Mapping[str, str],
) -> str:
    """Return the page: what each row rests on, then a table for each source.

    *awaited* names what the domain has and the code does not have yet.
    """
    families = sorted({each for rule in found for each in rule.families}, key=_place)
    lines = [_HEAD, *_overview(found, rows), *_missing(awaited)]
    for family in families:
        lines += [f"\n## {family}\n", "| Rule | Source | Test |", "|---|---|---|"]
        lines += [_line(rule) for rule in found if family in rule.families]
    return "\n".join(lines) + "\n"


def _overview(
    found: tuple[Rule, ...], rows: Mapping[str, tuple[Row, ...]]
) -> Iterator[str]:
    yield "## What the domain asks, and how many tests prove it\n"
    yield "| Part | Row | Tests | Found under |"
    yield "|---|---|---|---|"
    for part, asked in rows.items():
        for row in asked:
            proofs = tuple(row.proofs(found))
            under = sorted({each for rule in proofs for each in rule.families})
            yield f"| {part} | {row.title} | {len(proofs)} | {', '.join(under)} |"


def _missing(awaited: Mapping[str, str]) -> Iterator[str]:
    if awaited:
        yield "\n## What the domain names and is not built yet\n"
        yield "| Fact | Belongs to |"
        yield "|---|---|"
    for name, part in awaited.items():
        yield f"| {name} | {part} |"


def _rules_in(text: str, where: Path) -> Iterator[Rule]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            for test in node.body:
                yield from _rule(test, node, where)
        else:
            yield from _rule(node, None, where)


def _rule(test: ast.stmt, owner: ast.ClassDef | None, where: Path) -> Iterator[Rule]:
    if not isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    source = _source(test) or (_source(owner) if owner else "")
    if source and test.name.startswith("test_"):
        subject = owner.name.removeprefix("Test") if owner else ""
        said = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", subject).capitalize()
        sentence = test.name.removeprefix("test_").replace("_", " ")
        yield Rule(source, where.as_posix(), _written(said), _written(sentence))


def _written(said: str) -> str:
    """Return names of things as people write them, which names in code cannot."""
    known = {each.casefold(): each for each in _NAMES}
    words = (known.get(word.casefold(), word) for word in said.split())
    return " ".join(words).replace(" s ", "'s ")


def _source(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    _, _, said = (ast.get_docstring(node) or "").partition(_MARK)
    return " ".join(said.split()).rstrip(".")


def _place(family: str) -> tuple[bool, bool, str]:
    return family.startswith("Other"), family.startswith("domain"), family


def _line(rule: Rule) -> str:
    said = f"**{rule.subject}** {rule.sentence}" if rule.subject else rule.sentence
    source = rule.source.replace("|", "\\|")
    return f"| {said} | {source} | [{Path(rule.where).stem}](../{rule.where}) |"
