"""After a restore from a backup the log begins a new epoch."""

from shared.database.connections import connect


async def raise_epoch(admin_url: str) -> int:
    """Raise the epoch of the log and return it; services must not be running.

    Raises:
        UnavailableError: the database does not answer, or refuses this role.
    """
    connection = await connect(admin_url)
    try:
        epoch: int = await connection.fetchval("SELECT log.restore_epoch()")
        return epoch
    finally:
        await connection.close()
