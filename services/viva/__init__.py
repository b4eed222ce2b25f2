"""Vivas: rounds with slots, panels, results, and the award with its certificate."""
