"""JSON laid out for reading, without touching what it says."""

import re

# A string, a number or word, or one mark. Source: RFC 8259 sections 2 and 7.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+|[{}\[\],:]')
_CLOSERS = {"{": "}", "[": "]"}
# What is nested a hundred deep and wide grows hundredfold: more than the recording, or a browser, can hold.
_MOST_GROWTH = 12
_SMALL_CHARACTERS = 64 * 1024


def indent_json(text: str, *, width: int = 2) -> str:
    """Return valid JSON with one item a line. Numbers, order and duplicate keys stay exactly as they came; so
    does all of a text that would become out of proportion longer.
    """
    tokens = _TOKEN.findall(text)
    pieces: list[str] = []
    depth = 0
    left = max(_SMALL_CHARACTERS, _MOST_GROWTH * len(text))
    for number, token in enumerate(tokens):
        left -= len(pieces[-1]) if pieces else 0
        if left < 0:
            return text
        after = tokens[number + 1] if number + 1 < len(tokens) else ""
        if token in _CLOSERS:
            if after == _CLOSERS[token]:
                pieces.append(token)
                continue
            depth += 1
            pieces.append(token + _line(depth, width))
        elif token in "}]":
            is_empty = number > 0 and tokens[number - 1] in _CLOSERS
            depth -= 0 if is_empty else 1
            pieces.append(token if is_empty else _line(depth, width) + token)
        elif token == ",":
            pieces.append("," + _line(depth, width))
        else:
            pieces.append(": " if token == ":" else token)
    return "".join(pieces)


def _line(depth: int, width: int) -> str:
    return "\n" + " " * (depth * width)
