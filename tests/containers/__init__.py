"""Tests against real PostgreSQL and real Apache Kafka in containers."""
