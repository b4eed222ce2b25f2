"""Section 3: the states of a case, its rules and its clocks."""

from tests.support.rules import Row

_LIFE = r"domain\.md sections? .*3"

LIFE: tuple[Row, ...] = (
    Row("enrolled, open, submitted", _LIFE, "goes from enrolled over open to submitte"),
    Row("in review, judged, released, ...", _LIFE, "states are those of a case's life"),
    Row("CM: viva offered", _LIFE, "offers a viva after CM where the programme"),
    Row("CM: viva booked", r"domain\.md", "book viva gives the viva a time"),
    Row("CM: viva held", _LIFE, "records that the viva was held"),
    Row("CM: viva passed, awarded", _LIFE, "leads to the award when both agree"),
    Row("CM: one more viva, in the next round", _LIFE, "needs the next round for the"),
    Row("CM: no third viva", _LIFE, "leads to no third viva"),
    Row("CM: restart after the second", _LIFE, "passed for the last time leads to a"),
    Row("CM without viva: awarded", _LIFE, "confers the award after CM where it has"),
    Row("CNM: window opens", r"S2 6\.2\.1", "as CNM opens one window of six weeks"),
    Row(
        "CNM: resubmitted, in review", r"S2 6\.2\.1", "second attempt is handed in and"
    ),
    Row("CNM: window missed", r"S2 6\.2\.3", "missed window leads to a restart"),
    Row("CNM again: restart", r"S2 6\.2\.3", "released as a second CNM leads to a re"),
    Row("any released decision can be explained", _LIFE, "about a viva that was not"),
    Row("explained, appealed, decided", _LIFE, "appeal goes from a CNM to a fresh"),
    Row("upheld: review afresh", r"domain\.md", "upholds and orders a fresh review"),
    Row("an end can be replaced by an appeal", _LIFE, "revised from CNM to CM takes a"),
    Row("review after the deadline", r"S2 4\.4", "before the end of the cohort deadli"),
    Row(
        "review after a moved deadline",
        r"S2 4\.4",
        "after the last moved deadline|tells what was handed in of a later deadline",
    ),
    Row("review over one month", r"S2 4\.4", "due a month after review opens"),
    Row("review over one month: overdue", r"S2 4\.4", "mark overdue tells the holder"),
    Row("moderation over one month", r"S2 4\.4", "moderation due falls overdue at the"),
    Row(
        "moderation over one month: overdue", r"S2 4\.4", "lead who published the plan"
    ),
    Row("moderation: a hold stops it", _LIFE, "moderation held moves by every day"),
    Row("nothing is fed back before", r"S2 2\.3", "is content with one word"),
    Row(
        "CNM: detailed feedback",
        "S0",
        "which aspects|says what must change|compose joins comments and modifications",
    ),
    Row("CNM: one free resubmission", r"S2 6\.2\.1", "second attempt has no third"),
    Row("CNM: it is free", r"S2 6\.2\.1", "fee is due for a restart alone"),
    Row("CNM: a 30-minute conversation", r"S2 6\.2\.1", "conversation is offered once"),
    Row("CNM: after a CNM alone", r"S2 6\.2\.1", "exists only after a CNM"),
    Row("CNM: 30 minutes", r"S2 6\.2\.1", "offers a conversation of thirty minutes"),
    Row("late by a second", r"S2 6\.2\.3", "refused once the window has ended"),
    Row("not late in the last second", r"S2 6\.2\.3", "accepted in the last second"),
    Row("restart: new portfolio, next cohort", r"S2 6\.2\.3", "in the next cohort for"),
    Row("restart: names the old case", r"S2 6\.2\.3", "names the case it continues"),
    Row(
        "restart: only when paid for", r"S2 6\.2\.3", "ask for the fee before a restart"
    ),
    Row(
        "restart: the programme's fee", r"S2 6\.2\.3", "fee is what the programme asks"
    ),
    Row("window of six weeks", "P", "one free resubmission within six weeks"),
    Row("reminders at 14, 7 and 2 days", _LIFE, "remind is due once for each mark"),
    Row("reminders: at or before", _LIFE, "remind is due at or before a mark"),
    Row("reminders: never twice", _LIFE, "at most once for each mark"),
    Row("viva: 45-60 minutes", "S0|S1", "refuses vivas out of range"),
    Row("viva: both ends", "S0|S1", "takes both ends of the range"),
    Row("viva: in person or remote", "S0|S1", "offers slots in person and remote"),
    Row("viva: lead moderator and Head", "S0|S1", "takes a lead moderator and a head"),
    Row("viva: two people", "S0|S1", "refuses one person in both roles"),
    Row(
        "adjustments: a month before", r"S2 3\.1\.1", "asked for a month before the st"
    ),
    Row("adjustments: not a minute later", r"S2 3\.1\.1", "refused a minute later"),
    Row("extra support: prior arrangement", r"S2 6\.2\.2", "agreed once asked for"),
    Row("extra support: resubmission", r"S2 6\.2\.2", "adds what was agreed for the"),
    Row("support: response in 10 days", r"S2 9\.1", "last day of the response"),
    Row("support: in writing", r"S2 9\.1", "support gets a written response"),
    Row("support: late is a fact", r"S2 9\.1", "overdue is about the response"),
    Row("explanation: within 10 days", r"AP 4\.1", "the last second of the last day"),
    Row("explanation: not later", r"AP 4\.1", "one second after the last day"),
    Row("explanation: given within 5", r"AP 4\.2", "the last day of the answer"),
    Row("explanation: late is a fact", r"AP 4\.2", "fact from the end of the last day"),
    Row("appeal: within 10 more", r"AP 4\.3", "lodge appeal is taken in the last sec"),
    Row("appeal: not later", r"AP 4\.3", "lodge appeal is refused one second after"),
    Row("appeal: closed list of grounds", r"AP 4\.4", "grounds that are not listed"),
    Row("appeal: configurable grounds", r"AP 4\.4", "appeals on a closed list"),
    Row("award: status, Fellow, letters, graduation", "S0", "brings status fellow"),
    Row("award: certificate", "S0|S1", "award comes with the certificate"),
    Row("working days of England", _LIFE, "leave out christmas and new year"),
    Row("the day of receipt is day 0", _LIFE, "start on the day after receipt"),
    Row("a clock stops, a fact", _LIFE, "hold stops the clock that runs"),
    Row("a clock restarts, a fact", _LIFE, "says which is the last day now when it"),
    Row("a deadline stands while held", _LIFE, "holds add every day on which the clo"),
    Row(
        "a hold is placed and lifted", _LIFE, "place hold is a fact|lift hold is a fact"
    ),
    Row(
        "recomputed for any past date", r"domain\.md section 6, 12", "clock as it stood"
    ),
    Row(
        "recomputed: appeals", r"domain\.md section 6, 12", "does not know a hold that"
    ),
    Row("adjustment: scope and until when", _LIFE, "leaves out an adjustment that end"),
    Row(
        "adjustment: applied to clocks", r"S2 3\.1\.1", "adds the days of an adjustment"
    ),
    Row("adjustment: applied to vivas", _LIFE, "applies what was arranged"),
    Row("adjustment: hidden from reviewers", r"S2 6\.2\.2", "says only that there is"),
)
