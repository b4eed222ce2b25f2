"""The settings of the embedded PostgreSQL: durable, and sized for a small machine.

They are given on the command line, so a data directory never holds old ones.
"""

from shared.embedded.ports import LOCALHOST

_SETTINGS = {
    "listen_addresses": LOCALHOST,
    # TCP alone: paths of sockets are limited to 107 bytes, checkouts are not.
    "unix_socket_directories": "",
    "max_connections": "200",
    # Passwords are 256 random bits: stretching them adds nothing but time per sign-in.
    "scram_iterations": "1",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "wal_buffers": "16MB",
    "max_wal_size": "512MB",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "random_page_cost": "1.1",
    # In the data directory: /dev/shm is small in containers, and a killed server would
    # leave its segments there.
    "dynamic_shared_memory_type": "mmap",
    # Few processes: reads in the backend itself, no parallel plans, no compiler.
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "max_worker_processes": "4",
    "autovacuum_max_workers": "2",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The server log tells about the server. Failed statements and their values reach
    # the client; here they would be personal data at rest.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}


def arguments(*, port: int, fsync: bool) -> list[str]:
    """Return the arguments of ``postgres`` for these settings on *port*."""
    settings = {**_SETTINGS, "port": str(port), "fsync": "on" if fsync else "off"}
    return [f"--{name}={value}" for name, value in settings.items()]
