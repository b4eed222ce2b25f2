"""How the streams of viva are called."""


def viva_stream(case_id: str) -> str:
    """Return the stream of the viva of a case."""
    return f"viva-{case_id}"


def round_stream(round_id: str) -> str:
    """Return the stream of a round."""
    return f"round-{round_id}"


def panellist_stream(person_id: str) -> str:
    """Return the stream of somebody who may sit on panels."""
    return f"panellist-{person_id}"
