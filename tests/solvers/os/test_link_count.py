"""Oracle: the counts of a real file system."""

import os

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.os.link_count import LinkOperation, solve

STORIES = [
    [("create", "F1", ""), ("soft", "F2", "F1"), ("hard", "F3", "F1"), ("delete", "F1", "")],
    [("create", "A", ""), ("hard", "B", "A"), ("hard", "C", "B"), ("soft", "D", "A"), ("delete", "B", "")],
    [("create", "A", ""), ("soft", "B", "A"), ("soft", "C", "B"), ("delete", "A", "")],
    [("create", "A", ""), ("create", "B", ""), ("hard", "C", "B"), ("delete", "A", "")],
]


@pytest.mark.parametrize("story", STORIES)
def test_against_the_file_system(story, tmp_path):
    for kind, name, target in story:
        path = tmp_path / name
        if kind == "create":
            path.write_text("data")
        elif kind == "hard":
            os.link(tmp_path / target, path)
        elif kind == "soft":
            path.symlink_to(tmp_path / target)
        else:
            path.unlink()
    answer = solve([LinkOperation(*step) for step in story]).answer
    left = sorted(p.name for p in tmp_path.iterdir())
    assert answer["counts"] == {n: (tmp_path / n).lstat().st_nlink for n in answer["counts"]}
    assert sorted(answer["counts"]) == left
    assert sorted(answer["accessible"]) == [n for n in left if (tmp_path / n).exists()]
    assert answer["inodes"] == len({(tmp_path / n).lstat().st_ino for n in left})


def test_bad_input():
    for story in (
        [LinkOperation("delete", "A")],
        [LinkOperation("create", "A"), LinkOperation("create", "A")],
        [LinkOperation("hard", "B", "A")],
    ):
        with pytest.raises(InputError):
            solve(story)
