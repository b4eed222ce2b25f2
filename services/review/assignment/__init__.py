"""The allocation of a whole cohort: a min-cost assignment, in a process of its own.

Nothing here is imported before somebody asks: it needs numpy and scipy.
"""
