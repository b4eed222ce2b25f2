"""PostgreSQL 18 from a wheel: the cluster, its settings, its passwords, the server."""
