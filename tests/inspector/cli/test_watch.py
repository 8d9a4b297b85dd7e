"""A changed source is seen, everything else is not looked at."""

import os
from pathlib import Path

import pytest

from inspector.cli.watch import changed, look


def write(file: Path, text: str = "x = 1\n") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_source_that_is_new_gone_longer_or_touched_is_a_change(tmp_path: Path) -> None:
    gone, longer, touched, same = (write(tmp_path / "pkg" / f"{name}.py") for name in ("a", "b", "c", "d"))
    before = look([tmp_path])
    gone.unlink()
    write(longer, "x = 12\n")
    os.utime(longer, ns=(before[str(longer)][0],) * 2)  # an editor may restore the time
    os.utime(touched, ns=(1, 1))
    new = write(tmp_path / "new.py")
    assert changed(before, look([tmp_path])) == sorted(map(str, (new, gone, longer, touched)))
    assert str(same) in before


@pytest.mark.parametrize(
    "file",
    [
        "notes.txt",
        ".git/hook.py",
        "node_modules/x.py",
        "__pycache__/x.py",
        ".inspector/x.py",
        "lib/site-packages/x.py",
    ],
)
def test_what_is_nobodys_source_is_left_out(tmp_path: Path, file: str) -> None:
    write(tmp_path / file)
    assert look([tmp_path]) == {}


def test_a_virtual_environment_is_left_out_under_any_name(tmp_path: Path) -> None:
    write(tmp_path / "myenv" / "pyvenv.cfg", "")
    write(tmp_path / "myenv" / "lib" / "x.py")
    assert look([tmp_path]) == {}


def test_a_folder_that_is_not_there_has_no_sources(tmp_path: Path) -> None:
    assert look([tmp_path / "gone"]) == {}


def test_patterns_add_files_and_take_files_and_folders_away(tmp_path: Path) -> None:
    for name in ("app.py", "app_test.py", "page.html", "notes.txt"):
        write(tmp_path / name)
    for name in ("old/app.py", "sub/old/app.py", "sub/gone/b.py"):
        write(tmp_path / name)

    def seen(include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> set[str]:
        found = look([tmp_path], include=include, exclude=exclude)
        return {str(Path(path).relative_to(tmp_path)) for path in found}

    python = {"app.py", "app_test.py", "old/app.py", "sub/old/app.py", "sub/gone/b.py"}
    assert seen() == python
    assert seen(include=("*.html",)) == python | {"page.html"}
    assert seen(exclude=("*_test.py", "old")) == {"app.py", "sub/gone/b.py"}
    assert seen(exclude=("sub/gone/",)) == python - {"sub/gone/b.py"}
    assert seen(include=("*.txt", "page.*"), exclude=("sub/*",)) == {
        "app.py",
        "app_test.py",
        "old/app.py",
        "page.html",
        "notes.txt",
    }
