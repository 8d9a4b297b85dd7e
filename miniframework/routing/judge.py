"""The one judge: why a single entry takes or refuses a single request.

Yes or no is always the answer of the entry's own compiled regex, the one `RouteTable.match` asks too; all the
rest only says why.
"""

from miniframework.routing import reasons
from miniframework.routing.explanation import Judgement, ParameterSpan, Protocol_
from miniframework.routing.route import Entry, Route, SocketRoute
from miniframework.routing.trial import try_path


def judge(entry: Entry, protocol: Protocol_, method: str, path: str) -> Judgement:
    """What `entry` alone says to the request, with every reason against it at once."""
    against = [reasons.wrong_protocol(protocol)] if _is_other_protocol(entry, protocol) else []
    found = entry.pattern.regex.fullmatch(path)
    wrong_method = isinstance(entry, Route) and protocol == "http" and method not in entry.methods
    if found is None:
        trial = try_path(entry, path)
        against += trial.reasons
        if wrong_method and isinstance(entry, Route):
            against.append(reasons.wrong_method(entry, method, path_matches=False))
        return Judgement(
            path_matches=False,
            reached=trial.reached,
            template_reached=trial.template_reached,
            template_refused=trial.template_refused,
            parameters=tuple(trial.parameters),
            reasons=tuple(against),
        )
    if wrong_method and isinstance(entry, Route):
        against.append(reasons.wrong_method(entry, method, path_matches=True))
    spans = tuple(
        ParameterSpan(
            name=parameter.name,
            start=found.start(parameter.name),
            end=found.end(parameter.name),
            text=found[parameter.name],
            converter=parameter.converter_name,
        )
        for parameter in entry.pattern.parameters
    )
    return Judgement(
        path_matches=True,
        reached=len(path),
        template_reached=len(entry.pattern.template),
        template_refused=None,
        parameters=spans,
        reasons=tuple(against),
    )


def _is_other_protocol(entry: Entry, protocol: Protocol_) -> bool:
    return isinstance(entry, SocketRoute if protocol == "http" else Route)
