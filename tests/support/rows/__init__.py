"""The rows of the domain's tables, and how the tests that prove each are found.

``tests/architecture/test_rules.py`` refuses a row that no test proves, and every fact,
message and letter that the domain names and the code does not have.
"""

from tests.support.rows.letters import LETTERS
from tests.support.rows.life import LIFE
from tests.support.rows.people import PEOPLE
from tests.support.rows.programmes import PROGRAMMES
from tests.support.rows.services import (
    AWAITED,
    FACTS,
    MESSAGES,
    SERVICES,
    UNSENT,
)
from tests.support.rules import Row

__all__ = ["AWAITED", "FACTS", "MESSAGES", "ROWS", "UNSENT"]

ROWS: dict[str, tuple[Row, ...]] = {
    "1 People and what each may do": PEOPLE,
    "2 Programme files": PROGRAMMES,
    "3 The life of a case": LIFE,
    "4 Services and their facts": SERVICES,
    "5 Letters": LETTERS,
}
