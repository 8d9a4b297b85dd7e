"""HTML and XML: what stands in an element or a field of a telling name."""

import re

from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.notes import Notes
from inspector.redaction.spans import hide_spans
from inspector.redaction.telling import find_telling

_ELEMENT = re.compile(
    r"<(?P<name>[A-Za-z][\w:.-]{0,80})(?P<attributes>[^<>]{0,4000})>"
    r"(?P<content>\s{0,40}<!\[CDATA\[(?s:.*?)(?:\]\]>|\Z)|[^<]*)"
)
_TAG = re.compile(r"<[A-Za-z][^<>]{0,4000}(?:>|\Z)")
_ATTRIBUTE = re.compile(
    r"(?P<name>[A-Za-z_:][\w:.-]{0,80})\s{0,4}=\s{0,4}(?:\"(?P<double>[^\"]*)|'(?P<single>[^']*)|(?P<bare>[^\s\"'>]+))"
)
# Which attribute names a field (`type` does with `password`), and which one holds what is in it.
_NAMING = frozenset({"name", "id", "property", "key", "type"})
_HOLDING = frozenset({"value", "content"})
# Named after what they show, not after what they hold.
_PROSE = frozenset({"title", "label", "button", "option", "h1", "h2", "h3", "p", "a", "span"})
# An element that names what the next one holds: `<key>password</key><string>...`, `<name>`, `<value>`.
_NAMED = re.compile(
    r"<(?P<tag>key|name)>\s{0,4}(?P<name>[\w.:/-]{1,80})\s{0,4}</(?P=tag)>\s{0,40}"
    r"(?:<value>\s{0,40})?<[A-Za-z][^<>]{0,200}>(?P<content>[^<]*)",
    re.IGNORECASE,
)
# Elements whose `name` tells what stands between their tags.
_FIELDS = frozenset(
    {"textarea", "string", "property", "param", "parameter", "entry", "field", "setting", "item", "attribute"}
)


def redact_markup(text: str, notes: Notes, where: str, *, is_xml: bool = False) -> str:
    """Give the document without the contents and attribute values of telling names.

    In XML all that is below an element of a telling name goes; in HTML such a name may be a component's.
    """
    spans: list[tuple[int, int]] = []
    searched = 0
    unclosed: set[str] = set()
    for found in _ELEMENT.finditer(text):
        name = found["name"].rpartition(":")[2]
        if name.lower() in _PROSE or found.start() < searched or not is_sensitive_name(name):
            continue
        if found["content"].strip():
            notes.hide(f"{where}:{name}", f"key {name}", found["content"].strip())
            spans.append(found.span("content"))
        elif is_xml and found["name"] not in unclosed and not found["attributes"].endswith("/"):
            searched = text.find(f"</{found['name']}>", found.end())
            if searched < 0:
                unclosed.add(found["name"])
            else:
                notes.note(f"{where}:{name}", f"key {name}")
                spans.append((found.end(), searched))
    for found in _NAMED.finditer(text):
        if found["content"].strip() and is_sensitive_name(found["name"]):
            notes.hide(f"{where}:{found['name']}", f"key {found['name']}", found["content"].strip())
            spans.append(found.span("content"))
    tags = list(_TAG.finditer(text))
    for number in sorted(find_telling([tag[0] for tag in tags], notes)):
        spans += _attribute_spans(tags[number], notes, where)
    return hide_spans(text, spans).text


def _attribute_spans(tag: re.Match[str], notes: Notes, where: str) -> list[tuple[int, int]]:
    attributes = [
        (found["name"].lower(), found[found.lastgroup or 0], found.span(found.lastgroup or 0))
        for found in _ATTRIBUTE.finditer(tag[0])
    ]
    field = next(
        (value for name, value, _ in attributes if name in _NAMING and is_sensitive_name(value)), None
    )
    spans: list[tuple[int, int]] = []
    for name, value, (start, end) in attributes:
        is_field_value = field is not None and name in _HOLDING
        if value and (is_field_value or (name not in _NAMING and is_sensitive_name(name))):
            key = field if is_field_value and field is not None else name
            notes.hide(f"{where}:{key}", f"key {key}", value)
            spans.append((tag.start() + start, tag.start() + end))
    if field is not None and (content := _content_of(tag)):
        notes.hide(f"{where}:{field}", f"key {field}", tag.string[slice(*content)].strip())
        spans.append(content)
    return spans


def _content_of(tag: re.Match[str]) -> tuple[int, int] | None:
    """What stands between the tags of an element that is a field."""
    name = re.split(r"[\s/>]", tag[0][1:], maxsplit=1)[0].lower()
    end = tag.string.find("<", tag.end())
    end = len(tag.string) if end < 0 else end
    return (tag.end(), end) if name in _FIELDS and tag.string[tag.end() : end].strip() else None
