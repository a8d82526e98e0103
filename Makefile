# Two commands: `make run` opens the studio on a sample, `make test` checks everything.
# The environment lies in .venv and is made again when the lock changes.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN_STAMP  := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-dev

.PHONY: run test check lint types contracts core-without-qt window-tests system screenshots guide icons bundle bundle-cpu \
  test-bundle fuzz lock clean

run: $(RUN_STAMP)
	@sh tools/system-packages.sh run
	@$(BIN)/slap-studio sample_videos/tunnel.mp4 --query "a red cube" --hide 30%:60% --or-screenshot screenshot.png

test: $(TEST_STAMP)
	@sh tools/system-packages.sh test
	@$(MAKE) --no-print-directory check

check: lint types contracts
	@$(MAKE) --no-print-directory -j2 core-without-qt window-tests

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

# The core's tests in a process where importing Qt, pyqtgraph or vispy raises.
core-without-qt:
	$(BIN)/python -m pytest -p no:pytest-qt -p tests.without_qt -m "not window"

window-tests:
	sh tools/on-a-screen.sh $(BIN)/python -m pytest -m window

$(VENV)/pyvenv.cfg:
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): $(VENV)/pyvenv.cfg requirements.lock
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(TEST_STAMP): $(VENV)/pyvenv.cfg requirements-dev.lock
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@ $(RUN_STAMP)

# Fuzz what is read from files: 100,000 inputs a kind, which takes an hour; INPUTS=1000 and KINDS="session" do less.
# atheris is needed for this alone and is made for Linux and macOS.
INPUTS ?= 100000
fuzz: $(TEST_STAMP)
	$(BIN)/python -m pip install --quiet "atheris>=3,<4"
	$(BIN)/python tools/fuzz $(KINDS) --inputs $(INPUTS)

# The pictures of the README. They want a quiet machine and a screen, or Xvfb.
screenshots: $(RUN_STAMP)
	for theme in dark light; do \
	  $(BIN)/slap-studio screenshot sample_videos/tunnel.mp4 --query "a red cube" --hide 30%:60% \
	    --theme $$theme --out docs/images/window-$$theme.png || exit; \
	done

# The pictures of docs/guide, each made by a scene of tools/guide_pictures.py; SCENES="first-gap first-query" makes only these.
guide: $(RUN_STAMP)
	sh tools/on-a-screen.sh $(BIN)/python tools/guide_pictures.py $(SCENES)

# The program's icons, from the two drawings in assets/icons.
icons: $(RUN_STAMP)
	QT_QPA_PLATFORM=offscreen $(BIN)/python tools/icons.py

# One folder that runs where no Python is: dist/slap-studio (docs/bundle.md).
bundle: $(TEST_STAMP)
	$(BIN)/python -m PyInstaller --noconfirm --log-level WARN app.spec
	$(BIN)/python tools/bundle_sizes.py dist/slap-studio

# The same without CUDA: make bundle-cpu CPU_WHEELS=URL, an index that has torch's CPU wheels for Linux.
bundle-cpu: requirements-dev.lock
	@test -n "$(CPU_WHEELS)" || { echo "Say where the CPU wheels of torch are: make bundle-cpu CPU_WHEELS=URL." >&2; exit 2; }
	$(PYTHON) -m venv .venv-cpu
	.venv-cpu/bin/python -m pip install --quiet --index-url $(CPU_WHEELS) $$(grep -E '^(torch|torchvision)==' $<)
	grep -vE '^(torch|torchvision|triton|(nvidia|cuda)-[a-z0-9-]*)==' $< >.venv-cpu/requirements.lock
	.venv-cpu/bin/python -m pip install --quiet --requirement .venv-cpu/requirements.lock
	.venv-cpu/bin/python -m pip install --quiet --no-deps --editable .
	@touch .venv-cpu/.installed-dev
	$(MAKE) --no-print-directory bundle VENV=.venv-cpu

# Drives what `make bundle` built, and records what it was built of, by which .ci/run knows when to do so again.
test-bundle: $(TEST_STAMP)
	@sh tools/system-packages.sh test
	SLAP_BUNDLE=dist/slap-studio sh tools/on-a-screen.sh $(BIN)/python -m pytest tests/bundle_tests
	$(BIN)/python tools/bundle_inputs.py record

# Needs uv; everything else needs only Python.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --group dev pyproject.toml \
	  -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) .venv-cpu build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
