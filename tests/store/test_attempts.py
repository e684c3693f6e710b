"""Attempts at questions, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from assistant408.store.attempts import Attempts


@pytest.fixture
def attempts(engine: sa.Engine) -> Attempts:
    return Attempts(engine)


def test_the_last_marked_attempt_counts(attempts: Attempts) -> None:
    for question, correct in (("a", True), ("b", False), ("a", False), ("b", True), ("c", False), ("a", None)):
        attempts.add(question, "A", correct, 1.25)
    assert attempts.latest() == {"a": False, "b": True, "c": False}
    assert attempts.wrong() == ["c", "a"], "the latest first"


def test_an_attempt_is_kept_whole(attempts: Attempts, engine: sa.Engine) -> None:
    attempts.add("os-vm-0001", "答“案”\n12", None, 0.1)
    with engine.connect() as db:
        row = db.execute(sa.text("SELECT question_id, answer, correct, seconds FROM attempts")).one()
    assert tuple(row) == ("os-vm-0001", "答“案”\n12", None, 0.1), "the seconds to the last bit"
