"""Documents in which one member says what another one is: `{"name": "DB_PASSWORD", "value": "..."}`.

So write the variables of a container, the headers of a HAR file, JSON Patch, SCIM, forms that are built of
data. A JSON Web Key says of itself that it is one, and which of its members are private by their names alone.
"""

import re

from inspector.redaction.keys import is_sensitive_name

_NAMING = frozenset(
    {"name", "key", "field", "parameter", "param", "property", "variable", "header", "attribute", "path"}
)
_VALUES = frozenset({"value", "val", "defaultvalue", "newvalue", "oldvalue", "stringvalue"})
_WEB_KEY = "kty"
# Source: RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1.
_WEB_KEY_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
# A name, maybe behind others: `/user/password`; what has blanks in it is a title.
_NAME = re.compile(r"[\w.$@:/\[\]{}-]{0,200}?([\w.$@:\[\]{}-]{1,80})", re.ASCII)


def find_subject(key: str, value: str) -> str | None:
    """Give what a member tells of others of its object: the name of a secret, or that this is a key."""
    folded = key.lower()
    if folded == _WEB_KEY:
        return _WEB_KEY
    if folded == "type":
        return value if value.lower() in ("password", "secret") else None
    name = _NAME.fullmatch(value) if folded in _NAMING else None
    return value if name is not None and is_sensitive_name(name[1].rpartition("/")[2]) else None


def is_holding(key: str) -> bool:
    """Say whether a member may hold what another one has named."""
    return _folded(key) in _VALUES or key in _WEB_KEY_PRIVATE


def is_held(subject: str, key: str) -> bool:
    """Say whether the member `key` holds the secret of which `subject` tells."""
    return key in _WEB_KEY_PRIVATE if subject == _WEB_KEY else _folded(key) in _VALUES


def _folded(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()
