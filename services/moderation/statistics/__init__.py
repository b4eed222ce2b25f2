"""Statistics of moderation: pure functions of numbers, nothing is read or written.

Invariant: the same numbers give the same result, also where random draws are used: a
draw is seeded by a text that is stated beside the result. What cannot be estimated is
None with the reason, never a number that looks like a result.

Only a child process, a command or a benchmark imports this package: it loads numpy.
"""
