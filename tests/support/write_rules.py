"""Writes ``docs/rules.md``: ``make rules``."""

from tests.support.rows import AWAITED, ROWS
from tests.support.rules import PAGE, page, rules

if __name__ == "__main__":
    PAGE.write_text(page(rules(), ROWS, AWAITED))
