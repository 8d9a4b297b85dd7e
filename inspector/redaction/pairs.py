"""Documents in which one member says what another one is: `{"name": "DB_PASSWORD", "value": "..."}`.

So write the variables of a container, the headers of a HAR file, JSON Patch, SCIM, forms that are built of
data. A JSON Web Key says of itself that it is one, and which of its members are private by their names alone.
"""

import re

from inspector.redaction.keys import is_sensitive_name

# How the name of such a member ends: `ParameterKey`, `newValue`.
_NAMING = (
    "name",
    "key",
    "field",
    "parameter",
    "param",
    "property",
    "variable",
    "header",
    "attribute",
    "path",
)
_VALUES = ("value", "val", "example", "default")
# What says `true` of a member that is hidden where it is shown: of Terraform, of pipelines.
_FLAGS = frozenset({"sensitive", "issecret", "masked", "secret", "secure"})
# Source: the Kubernetes API, Secret v1.
_KUBERNETES = frozenset({"data", "stringdata"})
_PAIRED = _FLAGS | _KUBERNETES | {"kind"}
_WEB_KEY = "kty"
# Source: RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1.
_WEB_KEY_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_MAY_BE_PAIRED = _PAIRED | _WEB_KEY_PRIVATE
# A name, maybe behind others: `/user/password`; what has blanks in it is a title.
_NAME = re.compile(r"[\w.$@:/\[\]{}-]{0,200}?([\w.$@:\[\]{}-]{1,80})", re.ASCII)


def find_subject(key: str, value: str) -> str | None:
    """Give what a member tells of others of its object: the name of a secret, or that this is a key."""
    folded = _folded(key)
    if folded == _WEB_KEY or (folded == "kind" and value == "Secret"):
        return folded
    if folded in _FLAGS:
        return folded if value == "true" else None
    if folded == "type":
        return value if value.lower() in ("password", "secret") else None
    name = _NAME.fullmatch(value) if folded.endswith(_NAMING) else None
    return value if name is not None and is_sensitive_name(name[1].rpartition("/")[2]) else None


def may_be_paired(squeezed: str) -> bool:
    """Say, fast and sometimes wrongly yes, whether `is_paired` holds; of a key in lower case, squeezed."""
    return squeezed.endswith(_VALUES) or squeezed in _MAY_BE_PAIRED


def is_paired(key: str) -> bool:
    """Say whether a member may hold what another one has named, or say that another one is a secret."""
    folded = _folded(key)
    return folded.endswith(_VALUES) or folded in _PAIRED or key in _WEB_KEY_PRIVATE


def is_held(subject: str, key: str) -> bool:
    """Say whether the member `key` holds the secret of which `subject` tells."""
    if subject == "kind":
        return _folded(key) in _KUBERNETES
    return key in _WEB_KEY_PRIVATE if subject == _WEB_KEY else _folded(key).endswith(_VALUES)


def _folded(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()
