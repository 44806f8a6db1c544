# make alone lists the targets. Each sets up .venv by itself when it is missing or older than what it is made from.
.DEFAULT_GOAL := help
.PHONY: help q1 q2 6t q3 q4 nam templates sample test quick check lint bench look fuzz clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_TO_TEST := $(VENV)/.ready-to-test
KY ?= q3
export PYTHONUTF8 := 1

help: ## danh sách lệnh
	@grep -hE '^[a-z0-9 ]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

q1 6t q2 q3 nam q4: $(READY) ## tổng hợp kỳ đó (q2 = 6t, q4 = nam)
	@$(BIN)/python -m pipeline run $@

templates: $(READY) ## biểu trống cho từng đơn vị: make templates KY=q3
	@$(BIN)/python -m pipeline templates $(KY)

sample: $(READY) ## tạo lại dữ liệu mẫu: make sample KY=q3
	@$(BIN)/python -m pipeline sample $(KY)

# Each module goes to one core as a whole, for its tests share the folders that it builds.
test: $(READY_TO_TEST) ## chạy các phép thử
	@$(BIN)/python -m pytest --numprocesses logical --dist loadfile

quick: $(READY_TO_TEST) ## phép thử nhanh, không dựng thư mục lớn (nửa phút)
	@$(BIN)/python -m pytest @tests/quick.txt

check: lint test ## định dạng, lint, kiểu dữ liệu, rồi chạy các phép thử

lint: $(READY_TO_TEST) ## định dạng, lint, kiểu dữ liệu
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy pipeline

bench: $(READY_TO_TEST) ## đo thời gian so với mức sàn
	@$(BIN)/python -m bench

look: $(READY_TO_TEST) ## vẽ mọi kết quả thành ảnh để xem
	@$(BIN)/python -m bench.look

fuzz: $(READY_TO_TEST) ## thử lâu với các tệp hỏng ngẫu nhiên
	@$(BIN)/python -m pytest -m slow --numprocesses logical

clean: ## xóa .venv và các tệp tạm
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A report needs less than the tests do, so that the first `make q3` is ready sooner. Bytecode is compiled here, so that the
# first command starts as fast as the hundredth, even where Python may not write it later.
$(READY): WANTED := .
$(READY_TO_TEST): WANTED := .[dev]
$(READY) $(READY_TO_TEST): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Cần Python 3.11 trở lên, máy đang có " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Đang chuẩn bị môi trường (chỉ lần đầu)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt setuptools
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --constraint constraints.txt --editable "$(WANTED)"
	@$(BIN)/python -m compileall -q $(VENV)/lib pipeline || true
	@touch $@
