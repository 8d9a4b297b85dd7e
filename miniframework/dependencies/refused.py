"""Which dependencies of a request are not called, for what they are given could not be made."""

from collections.abc import Hashable, Mapping
from dataclasses import field

from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refused:
    """The dependencies of one request that are not called, by their keys.

    Those in `lacking` have problems to be told. `failures` are what the user's own validators and factories
    raised for a dependency, `failure` for the endpoint: raised when its turn comes, so that a dependency that
    is called before it may answer first.
    """

    lacking: frozenset[Hashable] = frozenset()
    failures: Mapping[Hashable, Exception] = field(default_factory=dict)
    failure: Exception | None = None


NONE_REFUSED = Refused()
