"""Names of streams. A case id has no dot, so no two kinds of stream share a name."""


def casefile_stream(case_id: str) -> str:
    """Return the stream of what is known of a case."""
    return f"appeal-{case_id}"


def appeal_stream(appeal_id: str) -> str:
    """Return the stream of an appeal, ``{case}.{n}``."""
    return f"appeal-{appeal_id}"


def conversation_stream(case_id: str, attempt: int) -> str:
    """Return the stream of the conversation after an attempt."""
    return f"appeal-{case_id}.c{attempt}"


def hearer_stream(person_id: str) -> str:
    """Return the stream of somebody who may hear appeals."""
    return f"hearer-{person_id}"


def case_of(appeal_id: str) -> str:
    """Return the case of an appeal."""
    return appeal_id.partition(".")[0]
