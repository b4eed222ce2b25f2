"""Qualification: practice on seeds, a set that counts, a second chance, and an end.

Invariant: whether somebody has qualified follows from the seeds that were compared and
the rules of the plan alone; no seed is put before anybody twice. Source: moderation.md
8; statistics.md section 4.
"""
