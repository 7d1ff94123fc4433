"""The browser of the system (Chromium or Chrome) for the tests marked `browser`."""

from __future__ import annotations

import os
import shutil

import pytest

# Playwright's loop runs in the test's own thread, where Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def system_browser() -> str | None:
    """Path of a browser on this machine; PORTAL_BROWSER wins."""
    named = os.environ.get("PORTAL_BROWSER")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(config, items):
    """Without a browser its tests are skipped with one loud line; never where CI is set."""
    browser_items = [item for item in items if item.get_closest_marker("browser")]
    if not browser_items or system_browser():
        return
    if os.environ.get("CI"):
        pytest.exit("没有找到浏览器：CI 不允许跳过浏览器测试。请安装 chromium。", returncode=3)
    for item in browser_items:
        item.add_marker(pytest.mark.skip(reason="没有找到浏览器"))


def pytest_terminal_summary(terminalreporter):
    """Say it where nobody overlooks it."""
    skipped = terminalreporter.stats.get("skipped", [])
    without = [report for report in skipped if "没有找到浏览器" in str(report.longrepr)]
    if without:
        terminalreporter.write_line(
            f"!!! 跳过了 {len(without)} 个浏览器测试：本机没有 Chromium 或 Chrome。"
            "Debian 请执行：sudo apt-get install chromium fonts-noto-cjk",
            red=True,
            bold=True,
        )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {
        "executable_path": system_browser(),
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
