from __future__ import annotations

from assistant408.kb.health import health


def test_ready_is_never_said_of_nothing() -> None:
    for pages in ([], [("empty", 1.0)], [("text", 1.0)], [("ocr", 0.9)], [("failed", 0.0)]):
        assert health(pages, chunks=0).state in ("empty", "failed")  # type: ignore[arg-type]
    assert health([("failed", 0.0), ("empty", 1.0)], chunks=0).state == "failed"


def test_counts_and_confidence() -> None:
    found = health([("text", 1.0), ("ocr", 0.9), ("ocr", 0.8), ("empty", 1.0), ("failed", 0.0)], chunks=3)
    assert (found.pages, found.ocr, found.doubtful, found.confidence, found.state) == (5, 2, 1, 0.85, "partial")
    assert "1 页没有读出来" in found.sentence
