# make run: set everything up and serve.  make test: everything that must pass.  make bench, make load: measure.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# Where it is set each of the many processes that the tests start would compile all the code anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup test check lint types sql bench bench-growth load soak pictures wheelhouse programs format clean

run: setup
	@$(BIN)/python -m app serve

setup: $(VENV)/.runtime
	@$(BIN)/python -m app setup

# The tests fill stores of their own; they need the boundaries and static files alone. Files are taken
# in the order of tests/conftest.py: by the number of their tests, the longest would come last.
test:
	@$(MAKE) --no-print-directory --jobs=3 --output-sync check programs
	$(BIN)/python -m app setup --no-sample
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: lint types sql

lint: $(VENV)/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.development
	$(BIN)/mypy

sql: $(VENV)/.development
	$(BIN)/sqlfluff lint queries --disable-progress-bar

bench: $(VENV)/.development programs setup
	$(BIN)/python -m benchmarks

# Everything for a server of the same system and Python that has no network.
wheelhouse: $(VENV)/.runtime
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --wheel-dir wheelhouse -r requirements.txt

load: $(VENV)/.development setup
	$(BIN)/python -m benchmarks.load

# With 40,000 areas: takes half an hour, 4 GB of memory and 3 GB of disk.
bench-growth: $(VENV)/.development
	$(BIN)/python -m benchmarks.growth long

soak: $(VENV)/.development programs setup
	EXAMPLES=20 $(BIN)/python -m pytest -m "soak or hypothesis"

# Those of the manuals, in docs/images: all, or some by name (make pictures ONLY="map board").
pictures: $(VENV)/.development programs
	PYTHONPATH=. $(BIN)/python tests/manual_pictures.py $(ONLY)

format: $(VENV)/.development
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/.runtime: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "缺少 Python 3.11，请先安装：apt-get install python3 python3-venv / Python 3.11 is missing: install python3 and python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "缺少 venv，请先安装：apt-get install python3-venv / venv is missing: install python3-venv"; exit 1; }
	@echo "正在安装依赖…… / installing what it needs …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Debian's Chromium, Chinese fonts, LibreOffice and poppler, for the tests that open pages and files;
# nginx for those of several servers; and its Postgres, which the tests run in a folder of their own:
# no server of Debian's is set up.
PROGRAMS := chromium fonts-noto-cjk fontconfig poppler-utils nginx-light postgresql \
	libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui

programs:
	@for name in $(PROGRAMS); do dpkg -s $${name%-nogui} >/dev/null 2>&1 || dpkg -s $$name >/dev/null 2>&1 || missing=1; done; \
	if test -n "$$missing"; then \
		sudo=$$(test "$$(id -u)" = 0 || echo sudo); \
		command -v apt-get >/dev/null || { echo "请先安装 / install: $(PROGRAMS)"; exit 1; }; \
		$$sudo apt-get update -qq && \
		if ! dpkg -s postgresql >/dev/null 2>&1; then \
			$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null && \
			$$sudo sed -i 's/^#* *create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf; \
		fi && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PROGRAMS) >/dev/null; \
	fi

clean:
	rm -rf $(VENV) static data/geography data/store
