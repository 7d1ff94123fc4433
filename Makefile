.DEFAULT_GOAL := help
.PHONY: help setup
PY := .venv/bin/python

help: ## 显示这份说明
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: ## 准备运行环境（.venv）；没有变化时立即结束
	@bash deploy/setup.sh
