"""The embedded servers and the launcher start, survive kills, and leave nothing running."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.live import wait_until
from veterans_portal import embedded
from veterans_portal.environment import PROJECT

pytestmark = pytest.mark.slow

HOLD = """
import sys
from veterans_portal import embedded
with embedded.servers("test"):
    import psycopg2
    line = psycopg2.connect(host=embedded.database("test")["HOST"], user="portal", dbname="portal")
    cursor = line.cursor()
    cursor.execute("SELECT datctype FROM pg_database WHERE datname = 'portal'")
    print(cursor.fetchone()[0], embedded.postgres_mode(), flush=True)
    line.close()
    sys.stdin.read()
"""
RUN = """
import sys
from veterans_portal import launcher
launcher.DATA = {}
sys.exit(launcher.main())
"""


class Place:
    """A var/ of its own, with the processes that live on it."""

    def __init__(self, var: Path):
        self.var = var
        self.started: list[subprocess.Popen] = []

    def python(self, code: str, **variables: str) -> subprocess.Popen:
        surroundings = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "PORTAL_ENV_FILE": os.devnull,
        }
        surroundings |= {"PORTAL_VAR_DIR": str(self.var), "HOME": str(self.var)}
        process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=PROJECT, env=surroundings | variables, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.started.append(process)
        return process

    def processes(self) -> list[str]:
        """Command lines of what still runs on this place, or was started by what did."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                about = f"{line} {(folder / 'environ').read_bytes().decode(errors='replace')}"
                if str(self.var) in about:
                    found.append(line)
        return found


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path / "var")
    yield made
    for process in made.started:
        with process:  # closes its pipes and collects it
            process.kill()
    wait_until(lambda: not made.processes())


def held(process: subprocess.Popen) -> str:
    """What the holder said when its servers were there."""
    line = process.stdout.readline().strip()
    assert line.startswith("C.UTF-8"), line + process.stdout.read()
    return line


def let_go(process: subprocess.Popen) -> None:
    process.stdin.close()
    assert process.wait(20) == 0
    process.stdout.close()


def test_servers__two_at_once__share_and_the_last_one_stops_them(place):
    first, second = place.python(HOLD), place.python(HOLD)
    held(first), held(second)
    let_go(first)
    third = place.python(HOLD)
    held(third)
    let_go(second)
    let_go(third)
    assert place.processes() == []


def test_servers__user_killed__keeper_stops_them(place):
    user = place.python(HOLD)
    held(user)
    user.kill()
    user.communicate()
    wait_until(lambda: not place.processes(), seconds=10)


def test_servers__server_killed__next_start_forgives_the_stale_number(place):
    user = place.python(HOLD)
    held(user)
    os.kill(int((place.var / "pg-test/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    user.kill()
    user.communicate()
    wait_until(lambda: not place.processes(), seconds=10)
    (place.var / "pg-test/postmaster.pid").write_text(f"{os.getpid()}\n")
    again = place.python(HOLD)
    held(again)
    let_go(again)


def test_servers__broker_frozen__no_second_one_is_started_and_it_is_stopped_with_the_rest(place):
    user = place.python(HOLD)
    held(user)
    frozen = int((place.var / "valkey-test/pid").read_text())
    os.kill(frozen, signal.SIGSTOP)
    other = place.python("from veterans_portal import embedded; embedded.START_SECONDS = 3" + HOLD)
    said = other.communicate(timeout=40)[0]
    assert f"Valkey（进程 {frozen}）还在，但 3 秒没有应答" in said
    assert len([line for line in place.processes() if "valkey-server" in line]) == 1
    os.kill(frozen, signal.SIGCONT)
    third = place.python(HOLD)
    held(third)
    assert int((place.var / "valkey-test/pid").read_text()) == frozen
    let_go(third)
    os.kill(frozen, signal.SIGSTOP)
    let_go(user)
    assert place.processes() == []


def test_servers__deep_folder__sockets_lie_elsewhere(tmp_path):
    deep = Place(tmp_path / ("很深的文件夹" * 6) / "var")
    user = deep.python(HOLD)
    held(user)
    let_go(user)
    assert deep.processes() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_servers__root_without_unshare__runs_as_nobody(place, tmp_path):
    refusing = tmp_path / "bin"
    refusing.mkdir()
    (refusing / "unshare").write_text("#!/bin/sh\necho refused >&2\nexit 1\n")
    (refusing / "unshare").chmod(0o755)
    user = place.python(HOLD, PATH=f"{refusing}:{os.environ['PATH']}")
    assert held(user) == "C.UTF-8 nobody"
    let_go(user)
    assert not (place.var / "pg-test").exists()
    shutil.rmtree(Path("/var/tmp") / embedded.place_name(place.var))


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def ready(portal: subprocess.Popen) -> None:
    """Read what the launcher says until all of it is there."""
    said = []
    while not said or "平台已就绪" not in said[-1]:
        said.append(portal.stdout.readline())
        assert said[-1], "".join(said)


def test_launcher__asked_to_stop_or_killed__leaves_nothing_running(place):
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        port = free_port()
        portal = place.python(RUN, PORT=str(port))
        ready(portal)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as answer:
            assert answer.status == 200
        portal.send_signal(how)
        rest = portal.communicate(timeout=60)[0]
        wait_until(lambda: not place.processes(), seconds=30)
        assert how == signal.SIGKILL or (portal.returncode == 0 and "已全部停止" in rest)


def test_launcher__port_taken__one_sentence_with_the_remedy(place):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        portal = place.python(RUN, PORT=str(port))
        said = portal.communicate(timeout=30)[0]
    assert portal.returncode == 1
    assert said.strip() == (
        f"✗ 端口 {port} 已被别的程序占用。请先关闭它，或换一个端口：PORT={port + 1} make run。"
    )


def test_manage__command_that_needs_the_database__starts_and_stops_it(place):
    code = "import sys, manage; sys.argv = ['manage.py', 'showmigrations', '--plan']; manage.main()"
    command = place.python(code)
    said = command.communicate(timeout=60)[0]
    assert command.returncode == 0, said
    assert "accounts.0001_initial" in said
    assert place.processes() == []
