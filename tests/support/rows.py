"""The rows of the domain's tables, and how the tests that prove each are found.

``tests/architecture/test_rules.py`` refuses a row that no test proves.
"""

from tests.support.rules import Row

_PEOPLE = r"domain\.md (section )?[13]\b|S[0-2]\b"
_LIFE = r"domain\.md (section )?3\b"
_LETTERS = r"domain\.md (section )?5\b"


ROWS: dict[str, tuple[Row, ...]] = {
    "People and what each may do": (
        Row("participant", _PEOPLE, r"participant|own case"),
        Row("mentor, supporter", _PEOPLE, r"mentor|supporter"),
        Row("colleague, manager, learners", r"S0", r"colleague|learner|manager"),
        Row("reviewer", _PEOPLE, r"reviewer"),
        Row("moderator", _PEOPLE, r"moderator"),
        Row("lead moderator", _PEOPLE, r"lead moderator|the lead|deputy"),
        Row("panel member", _PEOPLE, r"head of programme|panel"),
        Row("appeal panel", _PEOPLE, r"hear|appeal"),
        Row("operations", _PEOPLE, r"operations|office"),
        Row("auditor", r"domain\.md (section )?1\b", r"auditor"),
    ),
    "Programme files": (
        Row("ATS: duration and cohorts", r"S0", r"twelve months|once a year"),
        Row("ATS: application and eligibility", r"S0", r"application|panel|eligib"),
        Row("ATS: entry requirements", r"S0", r"qtls four years"),
        Row("ATS: a mentor appointed by SET", r"S2 6\.1\.3", r"mentor"),
        Row("ATS: statements after reading", r"S0", r"read"),
        Row("ATS: phases", r"S0", r"phases"),
        Row("ATS: workbook", r"S1", r"workbook"),
        Row("QTLS", r"S2", r"six months"),
        Row("Advanced Mentor: ratings", r"S4", r"21 statements"),
        Row("Advanced Mentor: criteria", r"S4", r"twelve performance criteria"),
        Row("Advanced Mentor: checklists", r"S4", r"checklist"),
        Row("Advanced Mentor: questions", r"S4", r"thirteen"),
        Row("Advanced Mentor: verification", r"S4", r"verified"),
        Row("20 professional standards", r"ETF", r"standards"),
        Row("role context", r"S3"),
        Row("versions", r"domain\.md section 2", r"version"),
        Row("three criteria", r"S1", r"three criteria"),
        Row("CM only if all are met", r"domain\.md section 2", r"three or four"),
    ),
    "The life of a case": (
        Row("review for a month after the deadline", r"S2 4\.4"),
        Row("nothing is fed back before the review", r"S2 2\.3|S2 6\.1\.5"),
        Row("CNM: feedback, one free resubmission", r"S2 6\.2\.1", r"resub|one|free"),
        Row("CNM: a conversation of 30 minutes", r"S2 6\.2\.1|S0", r"conversation"),
        Row("restart, next cohort, fee", r"S2 6\.2\.3"),
        Row(
            "resubmission window and reminders",
            r"\bP\b|S2 6\.2\.1",
            r"window|remind|six weeks",
        ),
        Row("viva: minutes and modes", r"S0|S1", r"viva"),
        Row("viva: the panel", r"S1", r"panel"),
        Row(
            "one more viva, then restart", r"\bP\b", r"one more viva|second viva|twice"
        ),
        Row("adjustments before the start", r"S2 3\.1\.1"),
        Row("extra support by arrangement", r"S2 6\.2\.2"),
        Row("appeal against the support", r"S2 9\.1"),
        Row("explanation asked within 10 days", r"AP 4\.1"),
        Row("explanation given within 5 days", r"AP 4\.2"),
        Row("appeal within 10 more days", r"AP 4\.3"),
        Row("a closed list of grounds", r"AP 4\.4"),
        Row("award", r"S0|S1|domain\.md section 3", r"award|status"),
        Row("clocks stop and start", _LIFE, r"hold|held|stop|clock"),
    ),
    "Services and their facts": tuple(
        Row(service, r"domain\.md|S[0-4]|AP|\bP\b", where=f"tests/unit/{service}/")
        for service in (
            "submission",
            "review",
            "moderation",
            "viva",
            "appeals",
            "notification",
            "operations",
        )
    ),
    "Letters": (
        Row("each letter when it is due", _LETTERS),
        Row("true at the moment of sending", _LETTERS, r"true"),
        Row("identical bytes at every try", _LETTERS, r"bytes|first rendering"),
        Row("one letter for each fact", _LETTERS, r"once|one letter|second letter"),
        Row("the real state of a delivery", _LETTERS, r"refus|uncertain|try"),
        Row("review allocated, overdue", _LETTERS, r"allocated|overdue|judge"),
        Row("viva booked or moved", _LETTERS, r"calendar|moves"),
        Row("a reviewer's own results", _LETTERS, r"own results"),
        Row("letters of each programme", _LETTERS, r"of each programme"),
    ),
}
