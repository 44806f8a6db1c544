# make alone lists the targets. Each sets up .venv by itself when it is missing or older than what it is made from.
.DEFAULT_GOAL := help
TARGETS := help templates sample gui so-gui test quick check lint bench look fuzz clean
# Any other word is a period: which words there are is for the plan to say. A name with a dot or a slash is a file.
OTHERS := $(filter-out $(TARGETS) $(MAKEFILE_LIST),$(MAKECMDGOALS))
PERIODS := $(sort $(foreach word,$(OTHERS),$(if $(findstring .,$(word))$(findstring /,$(word)),,$(word))))
.PHONY: $(TARGETS) $(PERIODS)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_TO_TEST := $(VENV)/.ready-to-test
# Words count when they are typed, as in make q3 NAM=2025; a variable of the machine may have the same name.
typed = $(if $(filter command,$(origin $1)),$(subst ','\'',$($1)))
option = $(if $(call typed,$2),$1 '$(call typed,$2)')
PERIOD := $(or $(call typed,KY),q3)
YEAR := $(call option,--year,NAM)
export PYTHONUTF8 := 1

help: ## danh sách lệnh
	@echo 'KỲ                    tổng hợp kỳ đó, như make q3; theo kế hoạch của năm khác: make q3 NAM=2025'
	@grep -hE '^[a-z0-9 -]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22
	@$(BIN)/python -c 'from pipeline.cli import period_words; print(period_words())' 2>/dev/null || \
		echo 'KỲ là mã của một kỳ trong kế hoạch: xem thư mục schemas/plans.'

$(PERIODS): $(READY)
	@$(BIN)/python -m pipeline run '$@' --today $(YEAR)

templates: $(READY) ## biểu trống cho từng đơn vị: make templates KY=q3
	@$(BIN)/python -m pipeline templates $(PERIOD) $(YEAR)

sample: $(READY) ## tạo lại dữ liệu mẫu: make sample KY=q3
	@$(BIN)/python -m pipeline sample $(PERIOD) $(YEAR)

# A package is sealed for the period that is typed and for no other.
gui: $(READY) ## niêm phong bản gửi cấp trên: make gui KY=q3 SO=123/BC-UBND NGAY=19/9/2025
	@$(BIN)/python -m pipeline send $(if $(call typed,KY),'$(call typed,KY)') $(call option,--number,SO) $(call option,--date,NGAY) $(YEAR)

so-gui: $(READY) ## sổ gửi, kiểm tra từng gói đã gửi
	@$(BIN)/python -m pipeline sent $(YEAR)

# Each module goes to one core as a whole, for its tests share the folders that it builds.
test: $(READY_TO_TEST) ## chạy kiểm thử
	@$(BIN)/python -m pytest --numprocesses logical --dist loadfile

quick: $(READY_TO_TEST) ## kiểm thử nhanh, không dựng thư mục lớn (nửa phút)
	@$(BIN)/python -m pytest @tests/quick.txt

check: lint test ## định dạng, lint, kiểu dữ liệu, rồi chạy kiểm thử

lint: $(READY_TO_TEST) ## định dạng, lint, kiểu dữ liệu
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy pipeline

bench: $(READY_TO_TEST) ## đo tốc độ
	@$(BIN)/python -m bench

look: $(READY_TO_TEST) ## vẽ mọi kết quả thành ảnh để xem
	@$(BIN)/python -m bench.look

fuzz: $(READY_TO_TEST) ## kiểm thử mở rộng với tệp lỗi ngẫu nhiên
	@$(BIN)/python -m pytest -m slow --numprocesses logical

clean: ## xóa .venv và các tệp tạm
	@rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A report needs less than the tests do, so that the first `make q3` is ready sooner. Only wheels whose hashes stand in
# requirements/ are taken, whatever the index offers. Bytecode is compiled here, so that the first command starts as fast as
# the hundredth, even where Python may not write it later.
$(READY): PINS := requirements/report.txt
$(READY_TO_TEST): PINS := requirements/tests.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
$(READY) $(READY_TO_TEST): pyproject.toml $(wildcard requirements/*.txt)
	@$(PYTHON) -c 'import sys; sys.exit("Cần Python 3.11 trở lên, máy đang có " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Đang chuẩn bị môi trường (chỉ lần đầu)…"
	@$(PIP) --require-hashes --only-binary :all: --requirement $(PINS)
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@$(BIN)/python -m compileall -q $(VENV)/lib pipeline || true
	@touch $@
