"""The clock of a demonstration, which may run ahead of the wall clock."""
