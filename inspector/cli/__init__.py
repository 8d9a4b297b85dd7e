"""The command `inspector`: `inspector.cli.main` joins it, and a serving process needs only parts of it."""
