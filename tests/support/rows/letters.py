"""Section 5: each letter, and what holds for all of them."""

from tests.support.rules import Row

_FIVE = r"domain\.md (section )?5\b"

LETTERS: tuple[Row, ...] = (
    Row("each letter when it is due", _FIVE, "what is heard leads to its letter"),
    Row("every letter", _FIVE, "every letter has something that leads to it"),
    Row("plain text and HTML", _FIVE, "every letter names reader programme cohort"),
    Row("template version and hash", _FIVE, "every letter records which words it used"),
    Row(
        "says what happened, what to do, by when",
        _FIVE,
        "letter says what to do and by when",
    ),
    Row("previewed before release", _FIVE, "preview shows the words that will be sent"),
    Row("one-time link", "S0", "invitation carries the link of its reader"),
    Row("calendar file of a viva", _FIVE, "calendars replace when it moves"),
    Row("CNM: feedback, conversation, deadline", r"S2 6\.2\.1", "offers resubmission"),
    Row("CNM: what to change and where", "S0", "what to change where and by which"),
    Row("CM: an invitation follows", "S1", "that an invitation follows"),
    Row("restart: why and the fee", r"S2 6\.2\.3", "says why and what it costs"),
    Row("award with certificate", "S0|S1", "comes with the certificate"),
    Row("explanation and appeal letters", _FIVE, "read by the letters that tell it"),
    Row("review allocated", _FIVE, "allocated is told once to each reviewer"),
    Row("review overdue", r"domain\.md section 5", "mark overdue"),
    Row("moderation overdue", r"domain\.md section 5", "no longer told once settled"),
    Row("a reviewer's own results", _FIVE, "own results are told with the release"),
    Row("letters of each programme", _FIVE, "letters of each programme exist"),
    Row("one letter for a case, template and fact", _FIVE, "one letter however often"),
    Row("asked for once", _FIVE, "asks for a letter once"),
    Row("bytes before the first try", _FIVE, "records the bytes before the first try"),
    Row("identical bytes at every try", _FIVE, "keeps the first rendering for ever"),
    Row("uncertain is a fact", _FIVE, "uncertainty is remembered"),
    Row("still true when sent", _FIVE, "stops a letter that is no longer true"),
    Row("still true: at every try", _FIVE, "is asked again at every try"),
    Row("still true: submission", _FIVE, "is still true of"),
    Row("still true: review", _FIVE, "still true while they hold it"),
    Row("still true: moderation", _FIVE, "makes an outcome untrue|release can be"),
    Row("still true: viva", _FIVE, "confirming knows what is still so"),
    Row("still true: appeals", _FIVE, "confirming says no after a withdrawal"),
    Row("retried with backoff", _FIVE, "refusal leads to another try"),
    Row("backoff", "Brooker", "doubles up to the longest wait"),
    Row("a letter that came back", _FIVE, "record bounce"),
    Row("refused for good", _FIVE, "ends at once when the server refuses for good"),
    Row("never 'sent' before it is", _FIVE, "refused before the bytes are recorded"),
)
