"""Read the Authorization header. Source: RFC 9110 section 11.6.2."""


def get_authorization_scheme_param(authorization_header_value: str | None) -> tuple[str, str]:
    """Give the scheme and what follows it: `"Bearer abc"` is ("Bearer", "abc"); ("", "") without a header."""
    if not authorization_header_value:
        return "", ""
    scheme, _, parameter = authorization_header_value.partition(" ")
    return scheme, parameter.strip()
