"""How reviewers qualified on seeds, course by course, in the order of their ids."""

from services.moderation.domain.seeds.qualification.evolve import (
    Qualification,
    SeedSet,
)
from services.moderation.statistics.reports.judgements import Records


def qualifications_of(records: Records) -> dict[str, object]:
    """Return every course of everybody who was to qualify, and how it ended."""
    return {
        who: [_course(each) for each in found.courses]
        for who, found in records.courses.items()
    }


def _course(course: Qualification) -> dict[str, object]:
    return {
        "because": course.begun.because,
        "sets": [_set(each) for each in course.sets],
        "seeds_lacking": course.lacking.needed - course.lacking.left
        if course.lacking
        else 0,
        "end": course.end.type.removeprefix("moderation.") if course.end else None,
    }


def _set(found: SeedSet) -> dict[str, object]:
    return {
        "kind": found.fact.kind,
        "round": found.fact.round,
        "seeds": len(found.fact.placed),
        "judged": len(found.judged),
        "in_tolerance": found.in_tolerance,
    }
