"""Brings a database up to date: numbered files of SQL, each run once, in order.

SQLite's own `user_version` says how far a database has come. All that is missing runs in one transaction: a
file that fails leaves the database as it was, and a second process that starts meanwhile waits.
"""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

FOLDER = Path(__file__).parent / "migrations"


def read_migrations(folder: Path = FOLDER) -> list[tuple[str, list[str]]]:
    """Give each file's name and its statements, in the order of their numbers."""
    return [
        (file.name, [one for one in file.read_text(encoding="utf-8").split(";\n") if one.strip()])
        for file in sorted(folder.glob("*.sql"))
    ]


async def migrate(engine: AsyncEngine, migrations: list[tuple[str, list[str]]]) -> list[str]:
    """Run the migrations that the database has not seen; give their names."""
    async with engine.begin() as connection:
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
        done = (await connection.exec_driver_sql("PRAGMA user_version")).scalar_one()
        for _, statements in migrations[done:]:
            for statement in statements:
                await connection.exec_driver_sql(statement)
        await connection.exec_driver_sql(f"PRAGMA user_version = {max(len(migrations), done)}")
    return [name for name, _ in migrations[done:]]
