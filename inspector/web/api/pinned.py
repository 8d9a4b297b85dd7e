"""The pinned requests as a regression test: what became of each after the application came back."""

from typing import Any

from inspector.replay.regression.rules import RuleError, parse_rule
from inspector.web.answers import ApiError, answer_json
from inspector.web.pinned_rounds import PinnedRounds
from miniframework import Response, Router

_MOST_RULES = 100
_HINT = 'Send {"rules": ["body:$.created_at"]}.'


class PinnedApi:
    """Tells of the rounds, begins one, and keeps the rules of a pin."""

    def __init__(self, rounds: PinnedRounds) -> None:
        self._rounds = rounds

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/pinned")(self.show)
        router.post("/api/pinned")(self.begin)
        router.post("/api/pinned/{exchange_id}/rules")(self.keep_rules)
        return router

    def show(self) -> Response:
        """Answer every pinned request with its result in the newest round."""
        return answer_json(self._rounds.describe())

    async def begin(self, body: dict[str, Any]) -> Response:
        """Begin a round now, unless one runs."""
        self._rounds.begin()
        return answer_json({"begun": True}, 202)

    def keep_rules(self, exchange_id: str, body: dict[str, Any]) -> Response:
        """Keep what may differ with a pin; answer its result under these rules."""
        result = self._rounds.keep_rules(exchange_id, read_rules(body))
        if result is None:
            message = f"{exchange_id[:80]!r} is not a pinned exchange"
            raise ApiError(404, "not_found", message, "Pin it first: rules are kept with the pin.")
        return answer_json(result.to_dict())


def read_rules(body: dict[str, Any]) -> list[str]:
    """Return the rules of a body. Raises ApiError for what is no list of rules."""
    rules = body.get("rules")
    if not isinstance(rules, list) or not all(isinstance(rule, str) for rule in rules):
        raise ApiError(400, "bad_body", "rules is no list of texts", _HINT)
    if len(rules) > _MOST_RULES:
        raise ApiError(400, "bad_body", f"{len(rules)} rules are more than {_MOST_RULES}", _HINT)
    try:
        return [parse_rule(rule).text.strip() for rule in rules]
    except RuleError as error:
        raise ApiError(400, "bad_body", str(error), _HINT) from error
