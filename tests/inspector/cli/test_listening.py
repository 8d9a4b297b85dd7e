"""Ports that are taken and hosts that are not ours are found out before anything starts."""

import contextlib
import os
import socket
from pathlib import Path

import pytest

from inspector.cli.listening import bind, bind_near, bind_unix, require_loopback, take_inherited, url_of
from inspector.cli.terminal import StartRefused


def test_a_taken_port_is_named_with_the_ways_out() -> None:
    with contextlib.closing(bind("127.0.0.1", 0, option="--port")) as first:
        port = first.getsockname()[1]
        with pytest.raises(StartRefused) as refused:
            bind("127.0.0.1", port, option="--dashboard-port")
    assert refused.value.message == f"port {port} on 127.0.0.1 is in use by another program"
    assert refused.value.ways_out
    assert all("--dashboard-port" in way_out for way_out in refused.value.ways_out)


def test_near_a_taken_port_is_a_free_one() -> None:
    with contextlib.closing(bind("127.0.0.1", 0, option="--port")) as first:
        taken = first.getsockname()[1]
        with contextlib.closing(bind_near("127.0.0.1", taken)) as second:
            assert second.getsockname()[1] != taken


def test_an_unknown_host_is_refused_as_its_repr() -> None:
    with pytest.raises(StartRefused, match=r"'no\.such\.host\.invalid'"):
        bind("no.such.host.invalid", 0, option="--port")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_the_dashboard_may_listen_on_this_machine(host: str) -> None:
    require_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",
        "::",
        "0",
        "",
        "0x7f.1",
        "0x0",
        "127.1",
        "１２７.０.０.１",
        "192.168.1.5",
        "example.org",
        "LOCALHOST.",
    ],
)
def test_the_dashboard_never_listens_beyond_this_machine(host: str) -> None:
    with pytest.raises(StartRefused) as refused:
        require_loopback(host)
    assert repr(host) in refused.value.message


def test_a_socket_on_all_interfaces_is_shown_with_an_address_to_open() -> None:
    with contextlib.closing(bind("0.0.0.0", 0, option="--port")) as listener:
        assert url_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_bound_socket_already_accepts() -> None:
    with contextlib.closing(bind("127.0.0.1", 0, option="--port")) as listener:
        socket.create_connection(listener.getsockname(), timeout=5).close()


def test_a_unix_socket_that_a_server_left_behind_is_taken_over(tmp_path: Path) -> None:
    path = str(tmp_path / "app.sock")
    abandoned = bind_unix(path)
    abandoned.close()  # the file stays, as after a kill
    with contextlib.closing(bind_unix(path)) as listener:
        assert url_of(listener) == f"unix:{path}"
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
            client.connect(path)


def test_a_unix_socket_in_use_is_left_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "app.sock")
    with contextlib.closing(bind_unix(path)):
        with pytest.raises(StartRefused, match="is in use"):
            bind_unix(path)
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
            client.connect(path)


@pytest.mark.parametrize("name", ["no/such/folder.sock", "a_file"])
def test_a_place_for_no_unix_socket_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "a_file").write_text("kept")
    with pytest.raises(StartRefused, match=name):
        bind_unix(str(tmp_path / name))
    assert (tmp_path / "a_file").read_text() == "kept"


def test_an_inherited_socket_is_taken_as_it_is_and_anything_else_is_refused(tmp_path: Path) -> None:
    with contextlib.closing(bind("127.0.0.1", 0, option="--port")) as first:
        address = first.getsockname()
        with contextlib.closing(take_inherited(os.dup(first.fileno()))) as second:
            assert second.getsockname() == address
    descriptor = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(StartRefused, match=f"--fd {descriptor} is no socket"):
        take_inherited(descriptor)
    os.close(descriptor)


def test_a_system_without_unix_sockets_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    with pytest.raises(StartRefused, match="has no UNIX sockets"):
        bind_unix(str(tmp_path / "app.sock"))


def test_a_file_in_the_place_of_a_unix_socket_is_not_said_to_be_in_use(tmp_path: Path) -> None:
    (tmp_path / "app.py").touch()
    with pytest.raises(StartRefused, match="is there and is no UNIX socket"):
        bind_unix(str(tmp_path / "app.py"))
