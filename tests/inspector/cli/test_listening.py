"""Ports that are taken and hosts that are not ours are found out before anything starts."""

import contextlib
import socket

import pytest

from inspector.cli.listening import bind, bind_near, require_loopback, url_of
from inspector.cli.terminal import StartRefused


def test_a_taken_port_is_named_with_the_ways_out() -> None:
    with contextlib.closing(bind("127.0.0.1", 0, option="--port")) as first:
        port = first.getsockname()[1]
        with pytest.raises(StartRefused) as refused:
            bind("127.0.0.1", port, option="--dashboard-port")
    assert refused.value.message == f"port {port} on 127.0.0.1 is in use by another program"
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
