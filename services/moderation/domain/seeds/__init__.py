"""Cases with definitive marks among a reviewer's work: the pool of a programme.

Invariant: a seed is used only once three people have judged it, each alone. That a case
is one is known here alone. Source: moderation.md 8; statistics.md section 4.
"""
