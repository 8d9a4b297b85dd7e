"""What a status says of the table that is served."""

from inspector.journal.protocol import AppStatus, TableServed


def served_by(status: AppStatus) -> TableServed | None:
    """Give the table that a running process routes by; None for one that does not run or shows no table."""
    if status.state != "running" or status.table is None:
        return None
    return TableServed(
        at_unix_ns=status.updated_unix_ns,
        generation=status.worker.generation,
        target=status.target,
        table=status.table,
    )
