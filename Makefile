.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast test-slow browser quality fix bench pins
PY := .venv/bin/python
# Tests run in two processes where there are two cores; JOBS=1 runs them in one after the other.
JOBS ?= $(shell [ "$$(nproc 2>/dev/null || echo 1)" -ge 2 ] && echo 2 || echo 1)
PYTEST = $(PY) -m pytest $(if $(filter-out 1,$(JOBS)),-n $(JOBS) --dist worksteal)

help: ## 显示这份说明
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: ## 准备运行环境（.venv）；没有变化时立即结束
	@bash deploy/setup.sh

run: setup ## 启动整个平台：http://127.0.0.1:8000（换端口：PORT=8080 make run）
	@exec $(PY) -m veterans_portal.launcher

test: setup browser ## 运行全部测试（真实的 PostgreSQL、Redis、Celery 和浏览器；双核以上分两路，JOBS=1 只跑一路）
	@$(PYTEST)

test-fast: setup ## 只运行快的测试（不含浏览器、并发和耗时的）
	@$(PYTEST) -m "not slow and not browser and not race"

test-slow: setup browser ## 只运行耗时的测试
	@$(PYTEST) -m "slow or browser or race"

browser:
	@bash deploy/browser.sh

quality: setup ## 检查代码、模板、依赖方向和迁移文件；不改任何文件
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	@.venv/bin/lint-imports
	@$(PY) deploy/check_pins.py
	@$(PY) manage.py makemigrations --check --dry-run

fix: setup ## 自动整理代码和模板
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format --quiet .
	@.venv/bin/djade --target-version 5.2 $$(git ls-files 'templates/*.html') || true

bench: setup ## 测量每秒预约数（结果写在 docs/performance.md 的表里）
	@$(PY) -m benchmarks.bookings

pins: setup ## 由 requirements*.in 重新计算 requirements*.txt
	@for each in requirements requirements-dev; do \
	  .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make pins" \
	    $$each.in -o $$each.txt; \
	done
