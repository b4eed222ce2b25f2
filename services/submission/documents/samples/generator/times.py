"""When the programme of a template runs, and what the person who helps is called."""

from collections.abc import Mapping

from services.submission.documents.samples.generator.kinds import Template

_YEAR = {
    "cohort": "2025-10",
    "day_first": "16 October 2025",
    "month_start": "October 2025",
    "month_first": "November 2025",
    "month_cpd": "January 2026",
    "month_middle": "February 2026",
    "month_late": "May 2026",
    "month_end": "July 2026",
    "month_after": "September 2026",
    "supports": "mentor",
}
TIMES: Mapping[Template, Mapping[str, str]] = {
    "workbook": _YEAR,
    "phases": _YEAR,
    "formation": {
        "cohort": "2026-01",
        "day_first": "14 January 2026",
        "month_start": "January 2026",
        "month_first": "February 2026",
        "month_cpd": "February 2026",
        "month_middle": "March 2026",
        "month_late": "May 2026",
        "month_end": "June 2026",
        "month_after": "September 2026",
        "supports": "supporter",
    },
    "form": {
        **_YEAR,
        "cohort": "2025-09",
        "day_first": "11 September 2025",
        "month_start": "September 2025",
        "month_first": "November 2025",
        "month_end": "June 2026",
    },
}
"""Words for the sentences, by template."""
