"""Writes ``docs/rules.md``: ``make rules``."""

from tests.support.rows import ROWS
from tests.support.rules import PAGE, page, rules

if __name__ == "__main__":
    PAGE.write_text(page(rules(), ROWS))
