.PHONY: setup check test bench web-build lock
PY := .venv/bin/python

setup:            ## make .venv with everything a developer needs
	python3 run.py setup --dev

check:            ## format, lint, types, import rules, content, fast tests
	.venv/bin/ruff format -q src tests benchmarks run.py
	.venv/bin/ruff check -q --fix src tests benchmarks run.py
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache > /dev/null || .venv/bin/lint-imports --no-cache
	.venv/bin/a408 content check
	.venv/bin/pytest -m "not browser and not model and not slow"

test:             ## everything, as CI runs it
	python3 run.py test

bench:            ## the tables of the README
	$(PY) benchmarks/answer.py

web-build:        ## rebuild the pages that ship in the package
	cd webapp && npm ci && npm run build

lock:             ## rewrite requirements.lock, requirements-ocr.lock and requirements-dev.lock, hashed and without URLs
	.venv/bin/python -m uv pip compile -q --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --index-strategy unsafe-best-match pyproject.toml -o requirements.lock
	.venv/bin/python -m uv pip compile -q --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --index-strategy unsafe-best-match --extra ocr pyproject.toml -o requirements-ocr.lock
	.venv/bin/python -m uv pip compile -q --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --index-strategy unsafe-best-match --group dev --extra ocr pyproject.toml -o requirements-dev.lock
