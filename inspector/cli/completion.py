"""`inspector completion`: what a shell needs to complete this command; click's own."""

import click

from inspector.cli.terminal import StartRefused, give, say

_HOW = {
    "bash": "inspector completion bash > ~/.local/share/bash-completion/completions/inspector",
    "zsh": 'inspector completion zsh > "${fpath[1]}/_inspector"',
    "fish": "inspector completion fish > ~/.config/fish/completions/inspector.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(sorted(_HOW)))
def completion(shell: str) -> None:
    """Print the completion script of a shell; where to put it is told on standard error."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    root = click.get_current_context().find_root()
    if kind is None:
        raise StartRefused(f"this version of click knows no shell {shell!r}", "upgrade click")
    give(kind(root.command, {}, "inspector", "_INSPECTOR_COMPLETE").source().rstrip("\n"))
    say(f"inspector: to keep it: {_HOW[shell]}")
