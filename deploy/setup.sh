#!/usr/bin/env bash
# Makes .venv and installs the pinned packages. Does nothing when the pins are unchanged.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "✗ $1" >&2; exit 1; }
suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

if command -v flock >/dev/null; then  # two `make` at once: the second waits
  mkdir -p var
  exec 9>var/setup.lock
  flock 9
fi

python=""
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
  if suits "$candidate"; then python=$candidate; break; fi
done
[ -n "$python" ] || fail "需要 Python 3.11、3.12 或 3.13，本机没有找到。Debian/Ubuntu 请执行：apt-get install python3 python3-venv（普通用户在前面加 sudo）；装在别处时请用 PYTHON=/路径/python3 make setup 指明。"

[ -z "${PYTHON:-}" ] || [ "$python" = "$PYTHON" ] || echo "! $PYTHON 不是 Python 3.11–3.13，改用 $python。"

stamp=$({ "$python" -c 'import sys; print(sys.version, sys.base_prefix)'; pwd; cat requirements.txt requirements-dev.txt; } | sha256sum | cut -d' ' -f1)
if [ "$(cat .venv/.pins 2>/dev/null)" = "$stamp" ] && .venv/bin/python -c '' 2>/dev/null; then
  exit 0
fi

"$python" -c 'import venv, ensurepip' 2>/dev/null ||
  fail "Python 缺少 venv 组件。Debian/Ubuntu 请执行：apt-get install python3-venv（普通用户在前面加 sudo），然后再试一次。"

echo "· 准备运行环境 .venv（$("$python" --version)，第一次约一分钟）…"
started=$SECONDS
log=$(mktemp)
{ while sleep 10; do echo "    还在安装软件包，已 $((SECONDS - started)) 秒"; done; } 9>&- &
heartbeat=$!
trap 'kill $heartbeat 2>/dev/null || true; rm -f "$log"' EXIT

{ "$python" -m venv --clear .venv &&
  .venv/bin/python -m pip install --disable-pip-version-check --require-hashes \
    -r requirements.txt -r requirements-dev.txt; } </dev/null >"$log" 2>&1 || {
  tail -n 15 "$log" >&2
  fail "软件包没有装全，原因见上面几行。请检查网络（或 pip 的镜像设置）后再试一次。"
}
echo "$stamp" > .venv/.pins
echo "· 运行环境就绪（$((SECONDS - started)) 秒）"
