"""Which portfolios are generated: the templates and the qualities."""

from typing import Literal, TypeAlias

Template: TypeAlias = Literal["workbook", "phases", "formation", "form"]
"""Code of the template in its programme file."""

Quality: TypeAlias = Literal["clear", "borderline", "thin"]
"""How much evidence there is, above all of an effect on others."""

PROGRAMMES: dict[Template, str] = {
    "workbook": "ATS",
    "phases": "ATS",
    "formation": "QTLS",
    "form": "ADVANCED-MENTOR",
}
"""The programme of each template."""
