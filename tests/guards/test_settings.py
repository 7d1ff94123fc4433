"""All settings import; production refuses what is unsafe and has nothing to hide from `check`."""

import os
import re
import subprocess
import sys

import pytest

from veterans_portal import environment
from veterans_portal.settings import base

SECRETS = {
    "SECRET_KEY": "a-long-one-of-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgres://portal:secret@database.example/portal",
    "REDIS_URL": "redis://redis.example:6379/0",
    "CRYPTO_KEYS": "k1=" + "01" * 16,
    "CRYPTO_KEY_ID": "k1",
    "BLIND_INDEX_KEY": "02" * 32,
    "AUDIT_SEAL_KEY": "03" * 32,
    "SIGNING_KEYS": "k1=ed25519:" + "04" * 32 + ":" + "05" * 32,
    "SIGNING_KEY_ID": "k1",
}


def python(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """Another Python in clean surroundings, without anybody's .env."""
    bare = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PORTAL_ENV_FILE": os.devnull}
    return subprocess.run(
        [sys.executable, *arguments],
        env=bare | variables,
        cwd=environment.PROJECT,
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["base", "development", "test", "production"])
def test_settings__each_module__imports(name):
    done = python("-W", "error", "-c", f"import veterans_portal.settings.{name}", **SECRETS)
    assert done.returncode == 0, done.stderr


def test_production__check_deploy__not_one_warning():
    done = python(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING",
        DJANGO_SETTINGS_MODULE="veterans_portal.settings.production", **SECRETS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_production__one_secret_missing__refuses_and_names_it(name):
    others = {key: value for key, value in SECRETS.items() if key != name}
    done = python("-c", "import veterans_portal.settings.production", **others)
    assert done.returncode != 0
    said = done.stderr.strip().splitlines()[-1]
    assert f"平台没有启动：环境变量缺少 {name}（" in said
    assert not any(other in said for other in others if other not in name)


def test_production__all_missing__one_sentence_names_them_all():
    done = python("-c", "import veterans_portal.settings.production")
    said = done.stderr.strip().splitlines()[-1]
    assert all(name in said for name in SECRETS)


def test_production__current_key_not_among_the_keys__refuses():
    done = python(
        "-c", "import veterans_portal.settings.production", **SECRETS | {"CRYPTO_KEY_ID": "k9"}
    )
    assert "没有编号为 k9 的密钥" in done.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://h:6379/0", "redis://h:6379/3"),
        ("redis://:pw@h", "redis://:pw@h/3"),
        ("rediss://u:p@h:6380/5", "rediss://u:p@h:6380/3"),
        ("unix:///a/b?db=0", "unix:///a/b?db=3"),
    ],
)
def test_redis_database__other_number__only_the_number_changes(url, expected):
    assert base.redis_database(url, 3) == expected


def test_broker__unix_socket__celery_spelling():
    assert base.broker("unix:///a/b?db=2") == "redis+socket:///a/b?virtual_host=2"
    assert base.broker("redis://h:1/0") == "redis://h:1/0"


def test_env_example__each_variable_of_the_settings__explained():
    settings = environment.PROJECT / "veterans_portal/settings"
    asked = {
        name
        for file in settings.glob("*.py")
        for name in re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', file.read_text())
    }
    explained = set(
        re.findall(
            r"^#?([A-Z_]+)=", (environment.PROJECT / ".env.example").read_text(), re.MULTILINE
        )
    )
    internal = {"PORTAL_TEST_DATABASE", "PORTAL_TASKS_IN_PLACE"}  # set by tests/live.py
    assert asked - explained - internal == set()
