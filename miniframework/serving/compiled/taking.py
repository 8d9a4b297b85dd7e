"""The lines that take the parameters of one callable out of a request."""

from collections.abc import Sequence

from miniframework.params.annotations import find_usual
from miniframework.params.field import BodyUse, CallPlan, Field
from miniframework.routing.converters import BUILT_IN
from miniframework.serving.compiled.json_alike import validates_json_alike
from miniframework.serving.compiled.text import FunctionText

_IDENTITIES = (BUILT_IN["str"], BUILT_IN["path"])
_SIMPLE_SOURCES = ("path", "query", "header", "cookie")


def can_take(field: Field) -> bool:
    """Whether lines can be written for this field; the reference takes any."""
    if field.gathering is not None or field.many or len(field.keys) > 1 or field.validates_default:
        return False
    if field.source == "body":
        return field.body_use in (BodyUse.WHOLE, BodyUse.KEY)
    if field.source not in _SIMPLE_SOURCES or field.body_use is not BodyUse.NOTHING:
        return False
    plain = field.converter is None or field.converter in _IDENTITIES
    return plain or (not field.is_text and field.converter in BUILT_IN.values())


class Taking:
    """Writes the lines for all fields of a route; `names` has the variable of each field's value.

    `leave` is the line that leaves the request to the reference, `raised` the clause for what a validator or
    a factory of the user's raises.
    """

    def __init__(self, text: FunctionText, fields: Sequence[Field], leave: str, raised: str) -> None:
        self._text = text
        self._fields = fields
        self._leave = leave
        self._raised = raised
        self.names: dict[Field, str] = {field: f"a{number}" for number, field in enumerate(fields)}
        # Whether the body's bytes are validated, so that its value need not be made.
        self.takes_bytes = all(validates_json_alike(field) for field in self._of("body"))

    def write_sources(self) -> None:
        """Write what is done once for several fields: cut the query, scan the headers, read the cookies."""
        text = self._text
        queries = self._of("query")
        if len(queries) == 1:
            self._cut_single_query(queries[0])
        elif queries:
            text.add('query = read_query(scope.get("query_string", b""))')
            for field in queries:
                came = self.came(field)
                text.add(f"{came} = query.get({text.name(field.keys[0])})")
                text.add(f"if {came} is not None: {came} = {came}[-1]")
        if headers := self._of("header"):
            self._scan_headers(headers)
        if cookies := self._of("cookie"):
            text.add('cookies = read_cookies(scope["headers"])')
            for field in cookies:
                text.add(f"{self.came(field)} = cookies.get({text.name(field.keys[0])})")

    def write_call(self, call: CallPlan) -> None:
        """Write the lines that give each field of `call` its value, or note its problem."""
        for field in call.fields:
            self._write_field(field)

    def _of(self, source: str) -> list[Field]:
        return [field for field in self._fields if field.source == source]

    def came(self, field: Field) -> str:
        """Give the variable of what came for a field that is no path parameter and no body."""
        return self.names[field].replace("a", "s")

    def _cut_single_query(self, field: Field) -> None:
        """One pair with nothing to decode is by far the most common query of such a route."""
        text, came, name = self._text, self.came(field), self._text.name(field.keys[0])
        text.add('query = scope.get("query_string", b"").decode("latin-1")')
        with text.block('if "&" in query or "%" in query or "+" in query:'):
            text.add(f"{came} = read_query(scope['query_string']).get({name})")
            text.add(f"if {came} is not None: {came} = {came}[-1]")
        with text.block("else:"):
            text.add(f'key, _, {came} = query.partition("=")')
            text.add(f"if key != {name}: {came} = None")

    def _scan_headers(self, fields: Sequence[Field]) -> None:
        text = self._text
        text.add(*(f"{self.came(field)} = None" for field in fields))
        with text.block('for key, value in scope["headers"]:'):
            for field in fields:
                came, name = self.came(field), text.name(field.keys[0].encode("latin-1"))
                text.add(f'if key == {name} and {came} is None: {came} = value.decode("latin-1")')

    def _write_field(self, field: Field) -> None:
        if field.source == "path":
            came = f"path[{self._text.name(field.alias)}]"
            self._write_value(field, came)
        elif field.source == "body":
            self._write_body(field)
        else:
            self._write_optional(field, self.came(field))

    def _write_optional(self, field: Field, came: str) -> None:
        text, value = self._text, self.names[field]
        with text.block(f"if {came} is None:"):
            if field.required:
                place = text.name((field.source, field.alias))
                text.add(f"problems = note_missing(problems, {place})", f"{value} = None")
            elif field.default_factory is None and field.make_default() is field.default:
                text.add(f"{value} = {text.name(field.default)}")
            else:
                text.add(f"try: {value} = {text.name(field.make_default)}()", self._raised)
        if field.any_text:
            text.add(f"else: {value} = {came}")
            return
        with text.block("else:"):
            self._write_value(field, came)

    def _write_value(self, field: Field, came: str) -> None:
        """Turn text into the value."""
        text, value = self._text, self.names[field]
        converts = field.converter is not None and field.converter not in _IDENTITIES
        if field.any_text and not converts:
            text.add(f"{value} = {came}")
            return
        if converts:
            assert field.converter is not None
            # A converter that refuses what its regex took: the reference tells that problem.
            text.add(f"try: {value} = {text.name(field.converter.convert)}({came})")
            text.add(f"except ValueError: {self._leave}")
            came = value
        if not field.any_text:
            self._validate(field, came, (field.source, field.alias))

    def _validate(self, field: Field, came: str, place: tuple[str, ...]) -> None:
        text, value = self._text, self.names[field]
        how = ", from_attributes=True" if field.source == "body" else ""  # words of the problems hang on it
        text.add(f"try: {value} = {text.name(field.validator.validate_python)}({came}{how})")
        with text.block("except ValidationError as error:"):
            text.add(f"problems = note(problems, {text.name(place)}, error)", f"{value} = None")
        if _asks_user(field):
            text.add(self._raised)

    def _write_body(self, field: Field) -> None:
        text = self._text
        if self.takes_bytes:
            text.add(f"try: {self.names[field]} = {text.name(field.validator.validate_json)}(body)")
            with text.block("except ValidationError:"):  # the values tell what is wrong
                text.add("try: content = parse(body)")
                text.add(f"except ValueError: {self._leave}")
                self._validate(field, "content", ("body",))
            if _asks_user(field):
                text.add(self._raised)
            return
        if field.body_use is BodyUse.WHOLE:
            self._validate(field, "content", ("body",))
            return
        name = text.name(field.alias)
        with text.block(f"if content.__class__ is not dict or {name} not in content:"):
            text.add(self._leave)
        self._validate(field, f"content[{name}]", ("body", field.alias))


def _asks_user(field: Field) -> bool:
    """Whether code of the user's may run while it is validated: not for one of the usual types alone."""
    return bool(field.metadata) or find_usual(field.annotation) is None
