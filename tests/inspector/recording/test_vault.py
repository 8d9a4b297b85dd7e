import dataclasses

from inspector.apart import Apart, take_apart
from inspector.recording.vault import Vault
from miniframework import events
from tests.inspector.recording.recording_world import ID, Story, assemble, http_scope


def exchange(exchange_id: str, size: int) -> Apart:
    story = Story(http_scope()).then(events.RequestBodyReceived, data=b"x" * size, more=False)
    return take_apart(dataclasses.replace(assemble(story.events), id=exchange_id))


def test_the_vault_is_bounded_in_bytes_and_lets_the_least_used_go() -> None:
    vault = Vault(max_bytes=50_000)
    for name in ("a", "b", "c"):
        vault.keep(exchange(name, 12_000))
    assert vault.get("a") is not None
    vault.keep(exchange("d", 12_000))
    assert vault.get("b") is None
    assert [name for name in "acd" if vault.get(name)] == ["a", "c", "d"]
    assert vault.held_bytes() <= 50_000


def test_keeping_again_replaces_and_does_not_add_up() -> None:
    vault = Vault(max_bytes=1_000_000)
    vault.keep(exchange(ID, 10))
    before = vault.held_bytes()
    vault.keep(exchange(ID, 10))
    assert vault.held_bytes() == before
    vault.clear()
    assert (vault.held_bytes(), vault.get(ID)) == (0, None)


def test_one_request_larger_than_the_vault_is_not_kept() -> None:
    vault = Vault(max_bytes=1000)
    vault.keep(exchange(ID, 5000))
    assert (vault.get(ID), vault.held_bytes()) == (None, 0)


def test_what_is_let_go_is_held_no_longer_and_takes_no_room() -> None:
    vault = Vault(max_bytes=1_000_000)
    vault.keep(exchange("a", 10))
    before = vault.held_bytes()
    vault.keep(exchange("b", 10))
    vault.let_go("b")
    vault.let_go("unknown")
    assert (vault.get("b"), vault.held_bytes()) == (None, before)
    assert vault.get("a") is not None
