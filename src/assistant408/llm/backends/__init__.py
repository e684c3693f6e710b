"""One engine a file; each passes ``tests/llm/test_conformance.py``."""
