"""What a cohort's events say of its moderation: a pure function of those events.

Invariant: the same events give the same bytes. No name, no words anybody wrote, no
case: people stand under their opaque ids, participants only in large enough groups.
"""

from services.moderation.statistics.reports.judgements import Records
from services.moderation.statistics.reports.records import records_of
from services.moderation.statistics.reports.tables import as_csv, as_json
from services.moderation.statistics.reports.whole import report_of

__all__ = ["Records", "as_csv", "as_json", "records_of", "report_of"]
