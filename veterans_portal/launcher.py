"""`make run`: the whole portal on this machine, and nothing of it left after Ctrl-C.

Database, broker, migrations, network, demonstration data, then web server, worker and beat side by
side. The web server is gunicorn with threads, as in service: what a visitor sees here (many requests
at once, our own error pages) is what people will see; developers who want reloading use
`manage.py runserver`.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Iterator

from veterans_portal import embedded, environment

PROJECT = embedded.PROJECT
BEGAN = time.monotonic()
# Each exists when its app is built, and does nothing the second time.
DATA = {
    "load_network": "无锡四级服务网络",
    "load_calendar": "工作日日历",
    "load_demo": "示范数据",
}
STOP_SECONDS = 12
RESTARTS = 5  # of one process in a row, before we give up
PR_SET_PDEATHSIG = 1
# In a container root is the only user there is; Celery's page of warning would hide our lines.
QUIET = "ignore:You're running the worker with superuser privileges"


class StartError(Exception):
    """The portal cannot start; the text says why and what to do."""


class Stopped(BaseException):
    """Somebody asked us to stop."""


def say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done, that it still goes on, and how long it took."""
    began = time.monotonic()
    done = threading.Event()

    def still_there() -> None:
        while not done.wait(10):
            say(f"    {title}：还在进行，已 {time.monotonic() - began:.0f} 秒")

    say(f"· {title}…")
    threading.Thread(target=still_there, daemon=True).start()
    try:
        yield
    except (StartError, embedded.ServerError):
        raise
    except Exception as problem:  # whatever a part did: one sentence here, the rest on record
        record = embedded.VAR / "launcher.log"
        record.write_text(traceback.format_exc())
        raise StartError(
            f"{title}没有完成（{type(problem).__name__}：{problem}）。详细记录在 {record}。"
        ) from problem
    finally:
        done.set()
    say(f"  {title}：完成，{time.monotonic() - began:.1f} 秒")


# --- before anything ----------------------------------------------------------------------------


def wanted_address() -> tuple[str, int]:
    """HOST and PORT, free to use. Raises StartError with the remedy otherwise."""
    host, text = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StartError(
            f"PORT={text} 不是端口号。请写 1 到 65535 的数字，例如 PORT=8080 make run。"
        )
    port = int(text)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, port))
        except PermissionError as problem:
            raise StartError(
                f"没有权限使用端口 {port}。请换一个，例如 PORT=8080 make run。"
            ) from problem
        except OSError as problem:
            raise StartError(
                f"端口 {port} 已被别的程序占用。请先关闭它，或换一个端口：PORT={port + 1} make run。"
            ) from problem
    return host, port


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two launchers would run two workers and two beats on the same data."""
    embedded.VAR.mkdir(parents=True, exist_ok=True)
    with open(embedded.VAR / "run.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            lock.seek(0)
            raise StartError(
                f"平台已经在运行（{lock.read().strip()}）。要重新启动，请先在那边按 Ctrl-C。"
            ) from problem
        lock.truncate(0)
        lock.write(f"进程 {os.getpid()}，端口 {os.environ.get('PORT') or 8000}")
        lock.flush()
        yield


def stop_when_asked() -> None:
    """Ctrl-C, kill, a closed terminal and the end of our parent all stop everything in order."""

    def stop(number, frame):
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)  # once is enough
        raise Stopped

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)
    parent = os.getppid()
    end_with_parent()
    if os.getppid() != parent:
        raise Stopped


def end_with_parent() -> None:
    """Linux sends us SIGTERM when the parent process ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


# --- the processes ------------------------------------------------------------------------------


class Process:
    """One part of the portal, started again when it ends by itself."""

    def __init__(self, title: str, *command: str):
        self.title = title
        self.command = [sys.executable, "-m", *command]
        self.restarts = 0
        self.started = 0.0
        self.running: subprocess.Popen | None = None

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches only the launcher, which stops the parts in order.
        self.running = subprocess.Popen(
            self.command, cwd=PROJECT, stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=end_with_parent, env=os.environ | {"PYTHONWARNINGS": QUIET},
        )  # fmt: skip
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start it again if it ended. Raises StartError when that does not help."""
        if self.running is None or self.running.poll() is None:
            return
        if time.monotonic() - self.started > 60:
            self.restarts = 0
        if self.restarts == RESTARTS:
            raise StartError(f"{self.title}一再停止，原因见上面的记录。")
        self.restarts += 1
        say(f"! {self.title}停了（代码 {self.running.returncode}），重新启动。")
        time.sleep(1)
        self.start()

    def ask_to_end(self) -> None:
        if self.running and self.running.poll() is None:
            self.running.terminate()

    def wait(self, until: float) -> None:
        """Wait for its end; after `until` (monotonic seconds) end it and all it started."""
        if not self.running:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.running.wait(max(0.1, until - time.monotonic()))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()


def parts(host: str, port: int) -> list[Process]:
    """Web server, worker and beat as they run here."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    celery = ("celery", "-A", "veterans_portal", "--quiet")
    return [
        Process("网页服务", "gunicorn", "veterans_portal.wsgi", "--bind", bind,
                "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--preload",
                "--graceful-timeout", "3", "--no-control-socket", "--log-level", "warning"),
        Process("后台任务", *celery, "worker", "--concurrency", "2", "--loglevel", "warning",
                "--without-gossip", "--without-mingle"),
        Process("定时任务", *celery, "beat", "--loglevel", "warning", "--pidfile="),
    ]  # fmt: skip


# --- in order -----------------------------------------------------------------------------------


def prepare_data() -> None:
    """Migrations, then whatever data commands the apps have."""
    import django
    from django.core.management import call_command, get_commands

    django.setup()
    with step("更新数据库结构"):
        call_command("migrate", interactive=False, verbosity=0)
    for command, title in DATA.items():
        if command in get_commands():
            with step(f"载入{title}"):
                call_command(command)
    from django.db import connections

    connections.close_all()


def wait_for_pages(address: str, web: Process) -> None:
    """Until the web server says that all parts are there (or which one is not)."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        web.look_after()
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310
                return
        except urllib.error.HTTPError as answer:
            say(f"! 有一部分还没有就绪：{answer.read().decode()}")
            return
        except OSError:
            time.sleep(0.2)
    raise StartError("网页服务一分钟内没有应答，原因见上面的记录。")


def welcome(address: str) -> None:
    """The sign-ins to try, and where to go."""
    from django.core.management import call_command, get_commands

    if "demo_sign_ins" in get_commands():
        call_command("demo_sign_ins")
    say(f"\n✓ 平台已就绪（共 {time.monotonic() - BEGAN:.0f} 秒）：{address}")
    say("  按 Ctrl-C 停止；数据保留，下次接着用。")


def run() -> None:
    """Everything, until asked to stop."""
    with only_one(), contextlib.ExitStack() as stack:
        host, port = wanted_address()
        with step("启动数据库和任务队列"):
            stack.enter_context(embedded.servers("run"))
        prepare_data()
        processes = parts(host, port)
        try:
            with step("启动网页服务、后台任务和定时任务"):
                for process in processes:
                    process.start()
                shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
                address = f"http://{shown}:{port}"
                wait_for_pages(address, processes[0])
            welcome(address)
            silent: list[str] = []
            while True:
                time.sleep(1)
                revived, waited_for = embedded.revive("run")
                for title in revived:
                    say(f"! {title} 停了，已重新启动。")
                for title in set(waited_for) - set(silent):
                    say(f"! {title} 的进程还在，但没有应答，正在等它恢复。")
                silent = waited_for
                for process in processes:
                    process.look_after()
        finally:
            say("· 正在停止…")
            for process in processes:
                process.ask_to_end()
            until = time.monotonic() + STOP_SECONDS
            for process in processes:
                process.wait(until)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veterans_portal.settings.development")
    environment.load()
    os.environ.setdefault("DEBUG", "0")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    os.chdir(PROJECT)
    try:
        stop_when_asked()
        run()
    except (StartError, embedded.ServerError) as problem:
        print(f"✗ {problem}", file=sys.stderr)
        return 1
    except Stopped:
        say("✓ 已全部停止。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
