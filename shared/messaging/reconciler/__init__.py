"""Proves, from the log and the inboxes, that every message had its effect once."""

from shared.messaging.reconciler.reconciler import Reconciler
from shared.messaging.reconciler.report import Reconciliation

__all__ = ["Reconciler", "Reconciliation"]
