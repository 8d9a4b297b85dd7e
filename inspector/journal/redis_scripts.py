"""The scripts that Redis runs, each with the words they share before it."""

from importlib.resources import files

_NAMES = ("append", "bounds", "changes", "rows", "pin", "clear", "submit", "claim", "answer")
_FOLDER = files("inspector.journal") / "lua"
_PRELUDE = (_FOLDER / "prelude.lua").read_text(encoding="utf-8")

SCRIPTS: dict[str, str] = {
    name: _PRELUDE + (_FOLDER / f"{name}.lua").read_text(encoding="utf-8") for name in _NAMES
}
