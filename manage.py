#!/usr/bin/env python
"""Runs one command; starts the embedded database and broker for it when they are wanted."""

import os
import sys

NEEDS_NO_SERVER = {"help", "version", "startapp", "collectstatic"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veterans_portal.settings.development")
    from veterans_portal import embedded, environment

    environment.load()
    arguments = sys.argv[1:]
    alone = not arguments or arguments[0] in NEEDS_NO_SERVER or "--help" in arguments
    name = environment.embedded_name()
    try:
        if alone or name is None:
            execute(sys.argv)
        else:
            with embedded.servers(name):
                execute(sys.argv)
    except embedded.ServerError as problem:
        sys.exit(f"✗ {problem}")


def execute(argv: list[str]) -> None:
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("✗ 运行环境还没有准备好。请先执行 make setup，再用 .venv/bin/python manage.py。")
    execute_from_command_line(argv)


if __name__ == "__main__":
    main()
