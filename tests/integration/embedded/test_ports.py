"""Ports that stay, and never are the kernel's to give away."""

import socket
from pathlib import Path

import pytest

from shared.embedded.ports import fresh_port, is_free, remembered_port

EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")


class TestRememberedPort:
    def test_is_the_same_at_the_next_start(self, tmp_path: Path) -> None:
        first = remembered_port(tmp_path / "port")
        assert remembered_port(tmp_path / "port") == first

    def test_is_another_while_the_old_one_is_taken(self, tmp_path: Path) -> None:
        first = remembered_port(tmp_path / "port")
        with socket.create_server(("127.0.0.1", first)):
            assert not is_free(first)
            second = remembered_port(tmp_path / "port")
        assert second != first
        assert remembered_port(tmp_path / "port") == second

    @pytest.mark.parametrize("memory", ["", "80", "65000", "port", "-1"])
    def test_takes_no_notice_of_a_memory_that_makes_no_sense(
        self, tmp_path: Path, memory: str
    ) -> None:
        (tmp_path / "port").write_text(memory)
        assert str(remembered_port(tmp_path / "port")) != memory

    @pytest.mark.skipif(not EPHEMERAL.exists(), reason="Linux tells its range")
    def test_lies_below_the_ports_of_outgoing_connections(self, tmp_path: Path) -> None:
        lowest = int(EPHEMERAL.read_text().split()[0])
        assert fresh_port(tmp_path / "port") < lowest
