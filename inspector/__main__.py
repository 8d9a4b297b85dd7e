"""`python -m inspector` is the command `inspector`."""

from inspector.cli.leaving import leaving_threads_behind
from inspector.cli.main import main
from inspector.cli.terminal import ending_as_told, spell_out_what_cannot_be_encoded


def command() -> None:
    """Run the command that stands on the command line, and end with it."""
    spell_out_what_cannot_be_encoded()
    with leaving_threads_behind(), ending_as_told():
        main(prog_name="inspector")


if __name__ == "__main__":
    command()
