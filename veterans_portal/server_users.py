"""Who uses the embedded servers, and the keeper that stops them when all users died.

Standard library only. Run as a script it is the keeper; it must not load the rest of the project,
for it lives beside every command.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

LOOK_SECONDS = 2
END_SECONDS = 30


def running(pid: int) -> bool:
    """Whether the process lives; one that ended and was not collected yet does not."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _stat(pid, 0) != "Z"


def birth(pid: int) -> str:
    """When a process began, so that a reused number is not taken for the old process."""
    return _stat(pid, 19)


def _stat(pid: int, field: int) -> str:
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[field]
    return ""


def server_process(pid_file: Path) -> int | None:
    """The living server whose number stands in `pid_file` and whose data lie beside that file.

    After a kill -9 or a restart the number may belong to another program by now.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int(pid_file.read_text().split("\n", 1)[0])
        if not running(pid):
            return None
        folder = str(pid_file.parent)
        if folder in Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace"):
            return pid
        if os.readlink(f"/proc/{pid}/cwd") == folder:
            return pid
    return None


def end(pid_file: Path, how: int) -> None:
    """Ask a server to end and wait for it; one that was frozen has to wake up for that."""
    pid = server_process(pid_file)
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
        os.kill(pid, signal.SIGCONT)
    deadline = time.monotonic() + END_SECONDS
    while running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)


class Users:
    """The file that lists who uses the servers of one name; only touched under its lock."""

    def __init__(self, folder: Path, name: str):
        self.folder, self.name = folder, name
        self.file = folder / f"servers-{name}.json"
        self.lock = folder / f"servers-{name}.lock"
        self.keeper = folder / f"servers-{name}.keeper"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        with open(self.lock, "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def living(self) -> list[list]:
        """Those that still live, as [process number, birth]."""
        try:
            users = json.loads(self.file.read_text())
        except (OSError, ValueError):
            return []
        return [user for user in users if running(user[0]) and birth(user[0]) == user[1]]

    def write(self, users: list[list]) -> None:
        self.file.write_text(json.dumps(users))

    def hire_keeper(self, stops: list[tuple[Path, int]]) -> None:
        """Start the keeper; `stops` are the servers' pid files and the signals that end them."""
        task = json.dumps([[str(path), int(how)] for path, how in stops])
        self.dismiss_keeper()
        keeper = subprocess.Popen(
            [sys.executable, "-S", __file__, str(self.folder), self.name, task],
            start_new_session=True, cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.keeper.write_text(json.dumps([keeper.pid, birth(keeper.pid)]))
        keeper.returncode = 0  # it outlives us on purpose

    def dismiss_keeper(self) -> None:
        """End the keeper at once, so that nothing is left running."""
        with contextlib.suppress(OSError, ValueError):
            pid, born = json.loads(self.keeper.read_text())
            if running(pid) and birth(pid) == born:
                os.kill(pid, signal.SIGTERM)


def keep(users: Users, stops: list[tuple[Path, int]]) -> None:
    """Stop the servers when no user lives any more: all were killed and could not leave."""
    while True:
        time.sleep(LOOK_SECONDS)
        with users.locked():
            if users.living():
                continue
            for pid_file, how in stops:
                end(pid_file, how)
            return


if __name__ == "__main__":
    place, server_name, work = sys.argv[1:4]
    keep(Users(Path(place), server_name), [(Path(path), how) for path, how in json.loads(work)])
