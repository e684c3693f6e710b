"""``a408 solve --svg``: well-formed, complete, inert."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant408.cli.pictures.plain import plain_text
from assistant408.cli.render import _last_pictures
from assistant408.cli.svg import solution_svg, write_svg
from assistant408.core.errors import InputError
from assistant408.core.registry import all_solvers

SVG = "{http://www.w3.org/2000/svg}"


def solved(id: str, example: int = 0) -> dict[str, Any]:
    solver = all_solvers()[id]
    return {"id": id, "title": solver.title, **solver(**solver.examples[example]).to_json()}


def steps_with(*pictures: dict[str, Any], why: str = "图如下") -> dict[str, Any]:
    return {"id": "ds.x", "title": "例", "steps": [{"why": why, "data": {"caption": "", **p}} for p in pictures]}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def read(svg: str) -> tuple[ET.Element, str]:
    """The document, and all its text without blanks (a long cell is broken into lines)."""
    root = ET.fromstring(svg)
    return root, squeezed("".join(root.itertext()))


def labels(data: dict[str, Any]) -> Iterator[str]:
    """What a picture has to say, by its kind."""
    kind = data["kind"]
    yield data.get("caption") or ""
    if kind == "table":
        yield from map(str, data["columns"])
        yield from (c for row in data["rows"] for c in row if isinstance(c, str))
        yield from (str(c) for row in data["rows"] for c in row if type(c) is int)
    elif kind == "gantt":
        yield data["unit"]
        for s in data["slices"]:
            yield from (s["lane"], s["label"])
    elif kind == "tree":
        yield from (data["label"], data["note"])
        for child in data["children"]:
            if child:
                yield from labels({"kind": "tree", **child})
                yield child["edge"]
    elif kind == "graph":
        yield from (n["label"] or n["id"] for n in data["nodes"])
        yield from (n["note"] for n in data["nodes"])
        yield from (e["label"] for e in data["edges"])
    elif kind == "timeline":
        yield from (*data["parties"], data["unit"], *(m["label"] for m in data["messages"]))
    elif kind == "plot":
        yield from (data["x"], data["y"], *(s["label"] for s in data["series"]))
    elif kind == "bits":
        yield from (name for name, _ in data["fields"])
        yield from (bits for _, bits in data["fields"])


def test_every_solver_draws_its_first_example_whole() -> None:
    kinds = set()
    for id in all_solvers():
        solution = solved(id)
        root, text = read(solution_svg(solution))
        assert root.tag == f"{SVG}svg", id
        last = _last_pictures(solution["steps"])
        for n, step in enumerate(solution["steps"], 1):
            if n in last and step["data"]:
                kinds.add(step["data"]["kind"])
                assert squeezed(f"{n}. {plain_text(step['why'])}") in text, (id, step["why"])
                for label in labels(step["data"]):
                    assert squeezed(label) in text, (id, label)
    assert kinds == {"table", "gantt", "tree", "graph", "timeline", "plot", "bits"}


def test_nothing_runs_and_nothing_is_fetched() -> None:
    for id in all_solvers():
        svg = solution_svg(solved(id))
        allowed = {"svg", "title", "style", "rect", "text", "g", "polyline", "polygon", "circle"}
        for e in ET.fromstring(svg).iter():
            assert e.tag.removeprefix(SVG) in allowed, id
            assert not any(a.rpartition("}")[2] in ("href", "src") or a.startswith("on") for a in e.attrib), id
        assert re.findall(r"https?:|url\(|@import", svg) == ["http:"], "the namespace alone"


def test_everything_lies_on_the_page() -> None:
    """Shapes and the anchors of texts, moved by the groups they are in."""
    for id in all_solvers():
        for k in range(len(all_solvers()[id].examples)):
            root = ET.fromstring(solution_svg(solved(id, k)))
            wide, tall = float(root.get("width", 0)), float(root.get("height", 0))
            for x, y in _points(root, 0, 0):
                assert -0.6 <= x <= wide + 0.6 and -0.6 <= y <= tall + 0.6, (id, x, y, wide, tall)


def _points(e: ET.Element, dx: float, dy: float) -> Iterator[tuple[float, float]]:
    if move := re.match(r"translate\((\S+) (\S+)\)", e.get("transform", "")):
        dx, dy = dx + float(move[1]), dy + float(move[2])
    if "points" in e.attrib:
        yield from ((float(x) + dx, float(y) + dy) for x, y in (p.split(",") for p in e.attrib["points"].split()))
    elif "x" in e.attrib:
        x, y = float(e.attrib["x"]) + dx, float(e.attrib["y"]) + dy
        yield x, y
        yield x + float(e.get("width", 0)), y + float(e.get("height", 0))
    for child in e:
        yield from _points(child, dx, dy)


def test_boxes_of_a_tree_and_of_a_graph_do_not_overlap() -> None:
    for id, solver in all_solvers().items():
        for k in range(len(solver.examples)):
            for step in solved(id, k)["steps"]:
                if not step["data"] or step["data"]["kind"] not in ("tree", "graph"):
                    continue
                root = ET.fromstring(solution_svg(steps_with(step["data"])))
                boxes = [[float(e.attrib[a]) for a in ("x", "y", "width", "height")] for e in root.iter(f"{SVG}rect") if "x" in e.attrib]  # fmt: skip
                for i, (x, y, w, h) in enumerate(boxes):
                    for u, v, w2, h2 in boxes[i + 1 :]:
                        assert x + w <= u or u + w2 <= x or y + h <= v or v + h2 <= y, (id, step["why"])


def test_a_lone_child_leans_to_its_side_and_a_parent_stands_between() -> None:
    leaf = {"children": [], "mark": False, "edge": "", "note": ""}
    tree = {
        "kind": "tree", **leaf, "label": "A", "children": [
            {**leaf, "label": "B", "children": [None, {**leaf, "label": "C"}]}, {**leaf, "label": "D"}],
    }  # fmt: skip
    root = ET.fromstring(solution_svg(steps_with(tree)))
    x = {e.text: float(e.attrib["x"]) for e in root.iter(f"{SVG}text")}
    assert x["B"] < x["C"] < x["D"] and x["A"] == pytest.approx((x["B"] + x["D"]) / 2, abs=0.2)


def test_arrows_are_for_directed_graphs() -> None:
    node = {"label": "", "mark": False, "note": ""}
    edge = {"source": "a", "target": "b", "label": "7", "mark": False}
    graph = {"kind": "graph", "nodes": [{"id": "a", **node}, {"id": "b", **node}], "edges": [edge]}
    for directed in (True, False):
        root, text = read(solution_svg(steps_with({**graph, "directed": directed})))
        assert len(list(root.iter(f"{SVG}polygon"))) == directed and "7" in text
    both = [edge, {**edge, "source": "b", "target": "a"}, {**edge, "target": "a"}]  # a cycle and a loop
    root, _ = read(solution_svg(steps_with({**graph, "directed": True, "edges": both})))
    lines = {e.attrib["points"] for e in root.iter(f"{SVG}polyline")}
    assert len(lines) == len(list(root.iter(f"{SVG}polygon"))) == 3


def test_text_is_escaped() -> None:
    evil = '</text><script>alert("1 & 2")</script>\x00'
    table = {"kind": "table", "columns": [evil], "rows": [[evil]], "marks": []}
    root, text = read(solution_svg(steps_with(table, why=evil)))
    assert not list(root.iter(f"{SVG}script"))
    assert text.count(squeezed(evil.replace("\0", ""))) == 3


def test_the_file_is_written(a408: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "图.svg"
    done = a408("solve", "os.page_replacement", "--refs", "7,0,1", "--frames", "3", "--svg", str(file))
    assert done.code == 0 and str(file) in done.err and "答案" in done.out
    assert read(file.read_text(encoding="utf-8"))[1].startswith("页面置换")
    assert os.listdir(tmp_path) == ["图.svg"]
    file.write_text("old", encoding="utf-8")
    done = a408("solve", "os.page_replacement", "--svg", str(file), "--json")
    assert done.json["id"] == "os.page_replacement" and file.read_text(encoding="utf-8").startswith("<svg")


def test_a_question_in_words_is_drawn(a408: Callable[..., Any], tmp_path: Path) -> None:
    words = "页面访问序列 7,0,1,2,0,3,0,4，3 个页框，LRU 缺页几次？"
    assert a408("solve", words, "--svg", str(tmp_path / "a.svg")).code == 0
    assert (tmp_path / "a.svg").is_file()
    assert a408("solve", "3 个页框，用 LRU 置换，缺页几次？", "--svg", str(tmp_path / "b.svg")).code == 0
    assert not (tmp_path / "b.svg").exists(), "it asks for the data instead"


@pytest.mark.parametrize("file", ["nowhere/a.svg", "."])
def test_a_place_that_cant_be_written_is_one_sentence(a408: Callable[..., Any], tmp_path: Path, file: str) -> None:
    path = str(tmp_path / file)
    assert repr(path) in a408("solve", "os.page_replacement", "--svg", path).sentence


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.svg"
    file.write_text("old", encoding="utf-8")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(InputError, match="No space left"):
        write_svg(file, solved("os.page_replacement"))
    assert file.read_text(encoding="utf-8") == "old" and os.listdir(tmp_path) == ["a.svg"]


def test_no_picture_is_said() -> None:
    with pytest.raises(InputError, match="没有图"):
        solution_svg({"id": "os.x", "title": "例", "steps": [{"why": "因为", "data": None}]})
