"""The database and its sessions: one engine an application, one session and one transaction a request."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from miniframework import Depends, Request


class Database:
    """An engine and what makes sessions on it; whoever makes one closes it."""

    def __init__(self, url: str) -> None:
        self.engine: AsyncEngine = create_async_engine(url)
        self.session = async_sessionmaker(self.engine, expire_on_commit=False)
        event.listen(self.engine.sync_engine, "connect", _enforce_foreign_keys)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _enforce_foreign_keys(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")  # SQLite does not, unless each connection asks for it
    cursor.close()


def find_database(request: Request) -> Database:
    """Give the database that the lifespan opened."""
    database: Database = request.state.database
    return database


async def open_session(
    database: Annotated[Database, Depends(find_database)],
) -> AsyncIterator[AsyncSession]:
    """Give a session in a transaction: committed when the handler returns, rolled back when it raises."""
    async with database.session() as session, session.begin():
        yield session


# Of scope "function": the commit is done, or has failed, before the client is told anything.
Session = Annotated[AsyncSession, Depends(open_session, scope="function")]
