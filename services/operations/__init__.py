"""The operators' desk: timelines, the event list, imports, parked lanes, checks."""
