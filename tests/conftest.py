"""Fixtures every kind of test may ask for; nothing starts before a test does."""

pytest_plugins = [
    "tests.support.embedded",
    "tests.support.event_log",
    "tests.support.messaging_fixtures",
    "tests.support.own_logs",
]
