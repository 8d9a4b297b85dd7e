"""`inspector tail`: the live list of a running dashboard, a line a request."""

import asyncio
import errno

import click


@click.command()
@click.argument("url", envvar="INSPECTOR_URL")
@click.option(
    "--filter", "filter_text", metavar="TEXT", default="", help="Only what the list would show with it."
)
@click.option("--last", type=click.IntRange(0, 2000), default=10, show_default=True, help="Begin with these.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON, one a line.")
def tail(url: str, filter_text: str, last: int, as_json: bool) -> None:
    """Print the requests of a running dashboard as they end, and connections as they open and end.

    URL is the dashboard's, with its token as it was printed; else it is taken from INSPECTOR_URL. When the
    dashboard goes away, it is waited for; what was missed meanwhile is said. Ends with Ctrl-C.
    """
    from inspector.cli.dashboard_url import parse_dashboard_url
    from inspector.cli.filter_option import read_filter
    from inspector.cli.tail_stream import ReaderGoneError, TailOptions, follow

    options = TailOptions(passes=read_filter(filter_text).passes, last=last, as_json=as_json)
    try:
        asyncio.run(follow(parse_dashboard_url(url), options))
    except KeyboardInterrupt:
        return
    except ReaderGoneError as gone:
        raise BrokenPipeError(errno.EPIPE, "nobody reads") from gone  # click ends quietly
