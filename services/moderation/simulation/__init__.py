"""What a plan of moderation can find and what it costs, by simulated reviewers.

For commands, benchmarks and tests only: no service loads it when it starts.
"""
