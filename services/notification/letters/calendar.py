"""An appointment as an entry for calendars.

Invariant: an appointment keeps its UID, and every change of it raises SEQUENCE, so that
calendars replace the entry they have. Source: RFC 5545, 3.8.4.7 and 3.8.7.4; RFC 5546,
3.2.2.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

from services.notification.domain.matters import Appointment
from services.notification.letters.addresses import Correspondent
from services.notification.letters.letter import Letter

WHERE = {
    "remote": "Remote: how to join is on your page",
    "in_person": "In person: where to come is on your page",
}


def calendar_of(
    letter: Letter,
    *,
    sent_at: datetime,
    sender: Correspondent,
    recipient: Correspondent,
) -> bytes:
    """Return the appointment of *letter* as iCalendar, the same for equal arguments.

    Raises:
        ValueError: the letter is not about an appointment; a bug in the caller.
    """
    if not isinstance(letter.matter, Appointment):
        message = f"no appointment in {letter.template}"
        raise ValueError(message)  # noqa: TRY004 - the value is wrong, not its type
    calendar = Calendar()
    calendar.add("prodid", "-//attest//appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    event = _event(letter.matter, letter.programme, letter.case_id)
    event.add("uid", _uid(letter, sender))
    event.add("dtstamp", sent_at.astimezone(UTC))
    event["organizer"] = _person(sender)
    attendee = _person(recipient)
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(matter: Appointment, programme: str, case_id: str) -> Event:
    event = Event()
    event.add("summary", f"{programme}: {matter.what}")
    event.add("dtstart", matter.starts_at.astimezone(UTC))
    event.add("dtend", (matter.starts_at + _length(matter)).astimezone(UTC))
    if matter.mode is not None:
        event.add("location", WHERE[matter.mode])
    event.add("description", f"Reference {case_id}. The letter says what to expect.")
    event.add("sequence", matter.sequence)
    event.add("status", "CONFIRMED")
    return event


def _length(matter: Appointment) -> timedelta:
    return timedelta(minutes=matter.minutes)


def _uid(letter: Letter, sender: Correspondent) -> str:
    """Return what stays the same however often the appointment moves."""
    assert isinstance(letter.matter, Appointment)  # noqa: S101 - checked by the caller
    about = f"{letter.matter.what} {letter.matter.number} {letter.case_id}"
    digest = hashlib.sha256(about.encode()).hexdigest()[:32]
    return f"{digest}@{sender.address.rpartition('@')[2]}"


def _person(correspondent: Correspondent) -> vCalAddress:
    person = vCalAddress(f"mailto:{correspondent.address}")
    if correspondent.display_name:
        person.params["CN"] = vText(correspondent.display_name)
    return person
