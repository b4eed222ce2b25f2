"""When the office stopped the clocks of a case: it holds for every round of it."""
