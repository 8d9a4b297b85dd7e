"""Routes as a list to be read."""

from typing import Any, NoReturn

from miniframework.errors import RegistrationError
from miniframework.routing.source import find_caller


class RouteList(list[Any]):
    """What `routes` gives: a list of its own, which nothing is served by. To change it is refused, for the
    change would be lost without a word.
    """

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise RegistrationError(
            where=find_caller(),
            problem="the list that routes gives is read only: what is changed in it is not served",
            way_out="declare with add_api_route, include_router or mount",
        )

    append = extend = insert = remove = pop = clear = sort = reverse = _refuse
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
