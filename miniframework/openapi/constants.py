"""Words of a document under FastAPI's names, for programs that write parts of one themselves."""

# RFC 9110 gives the body of a TRACE or an OPTIONS no meaning that a document could describe.
METHODS_WITH_BODY = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"))
REF_PREFIX = "#/components/schemas/"
REF_TEMPLATE = REF_PREFIX + "{model}"
