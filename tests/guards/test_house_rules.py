"""Rules of the house that a machine can keep: imports, file lengths, migrations, templates."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import engines

from veterans_portal.environment import PROJECT

OURS = (
    "veterans_portal", "accounts", "services", "placement", "preferential", "memorials", "reports",
    "tests", "benchmarks",
)  # fmt: skip
LONGEST = 400
# Files that may be longer, with their length of today. The list only ever shrinks.
LONG_FILES: dict[str, int] = {}
# Templates that no code and no template names, because Django or allauth picks them by name.
FOUND_BY_NAME = re.compile(
    r"^(?:\d{3}\w*\.html|styleguide/|account/|allauth/|django/|admin/|registration/)"
)


def python_files() -> list[Path]:
    files = (path for name in OURS for path in (PROJECT / name).rglob("*.py"))
    return sorted(path for path in files if "migrations" not in path.parts)


def test_files__each__short_enough_to_read():
    lengths = {
        str(path.relative_to(PROJECT)): len(path.read_text().splitlines())
        for path in python_files()
    }
    too_long = {
        name: length for name, length in lengths.items()
        if length > LONG_FILES.get(name, LONGEST)
    }  # fmt: skip
    assert not too_long, f"split these by act or by viewer: {too_long}"
    stale = [name for name in LONG_FILES if lengths.get(name, 0) <= LONGEST]
    assert not stale, f"short by now, take them off the list: {stale}"


def test_imports__run_one_way():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=PROJECT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_migrations__models_as_they_are__nothing_to_add(capsys):
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)


def templates() -> dict[str, Path]:
    root = PROJECT / "templates"
    return {str(path.relative_to(root)): path for path in sorted(root.rglob("*.html"))}


@pytest.mark.parametrize("name", templates())
def test_template__each__compiles_with_its_libraries(name):
    engines["django"].get_template(name)


def test_templates__each__is_named_somewhere():
    texts = [path.read_text() for path in (*python_files(), *templates().values())]
    said = "\n".join(texts)
    unused = [
        name for name in templates()
        if not FOUND_BY_NAME.match(name) and not re.search(f"[\"',]{re.escape(name)}[\"',]", said)
    ]  # fmt: skip
    assert not unused, f"no code and no template names these: {unused}"


def test_templates__each_name_in_code__exists():
    existing = templates()
    named = {
        name
        for path in (*python_files(), *existing.values())
        for name in re.findall(r"""["']((?:[a-z_]+/)+[a-z_0-9]+\.html)["']""", path.read_text())
    }
    missing = sorted(
        name for name in named - existing.keys()
        if not (name.startswith(("admin/", "django/", "account/")) or name.startswith("tests/"))
    )  # fmt: skip
    assert not missing, f"named but not there: {missing}"


def test_templates__none__writes_inline_script_style_or_handler():
    pattern = re.compile(r"""<script(?![^>]*\bsrc=)(?![^>]*json)|\sstyle=["']|\son[a-z]+=["']""")
    found = {
        name: pattern.findall(path.read_text())
        for name, path in templates().items()
        if pattern.search(path.read_text())
    }
    assert not found
