"""A Kafka-protocol broker from a wheel: which one, its process, its topics."""
