"""What Python's own types take as text, as regexes of one path segment.

For routers that hand a segment to the type and see whether it raises. `int` and `float` strip blanks, allow
underscores between digits and read digits of any script; UUID drops dashes, braces and a prefix.
"""

_DIGITS = r"\d+(?:_\d+)*"
_DECIMAL = rf"(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?"

INT = rf"\s*[+-]?{_DIGITS}\s*"
FLOAT = rf"\s*[+-]?(?:{_DECIMAL}|(?i:inf(?:inity)?|nan))\s*"
DECIMAL = rf"\s*[+-]?(?:{_DECIMAL}|(?i:inf(?:inity)?|s?nan\d*))\s*"
UUID = r"(?:urn:)?(?:uuid:)?\{*(?:-*[0-9a-fA-F]){32}-*\}*"
