"""Follows the log and keeps a service's read models up to date.

Invariant: rows and checkpoint move in one transaction, so a read model is always
exactly the fold of the log up to its checkpoint, and can be deleted and rebuilt. That
transaction is not waited for on disk: what a crash of the database takes back, rows and
checkpoint alike, is folded again.
"""

from shared.projector.projector import Projector
from shared.projector.reach import GATHER_SECONDS
from shared.projector.read_model import ReadModel, row_from
from shared.projector.rebuilding import Progress

__all__ = ["GATHER_SECONDS", "Progress", "Projector", "ReadModel", "row_from"]
