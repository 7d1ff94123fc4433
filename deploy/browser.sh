#!/usr/bin/env bash
# Looks for a browser for the tests and installs one where that is possible.
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
[ -z "${PORTAL_BROWSER:-}" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "· 安装浏览器 chromium 和中文字体（浏览器测试要用）…"
  log=$(mktemp)
  if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
       chromium fonts-noto-cjk; } </dev/null >"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  tail -5 "$log" >&2
  rm -f "$log"
fi

if [ -n "${CI:-}" ]; then
  echo "✗ 没有浏览器，CI 不允许跳过浏览器测试。请安装 chromium 和 fonts-noto-cjk。" >&2
  exit 1
fi
echo "!!! 没有找到 Chromium 或 Chrome：浏览器测试会被跳过。Debian 请执行：sudo apt-get install chromium fonts-noto-cjk" >&2
