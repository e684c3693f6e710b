"""Reading pictures of text: rapidocr on onnxruntime (extra ``ocr``), turned and levelled where the picture isn't.

The engine finds boxes and reads them; its own classifier of directions is off, since it turns lines of code upside down.
What it leaves out is done here: how the page is tilted, which way is up, and boxes torn apart at wide gaps.
"""

from __future__ import annotations

import importlib.util
import math
import re
import statistics
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant408.core.errors import InputError
from assistant408.kb.parse.code import looks_like_code
from assistant408.kb.parse.types import Box, Line, Recognize

__all__ = ["HINT", "available", "load_ocr"]

HINT = "没有安装文字识别组件，请运行 python3 run.py setup --ocr（约 280 MB）后重试。"
_LONG_SIDE = 2400  # pixels; larger pictures are made smaller first
_KEPT = 0.4  # lines read with less certainty are specks
_SURE = 0.8  # below this mean score, or with upright boxes, the picture is tried turned by 90, 180 and 270 degrees
_LEVEL = 0.2  # degrees of tilt that don't matter


def available() -> bool:
    """Whether the extra is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


def load_ocr(threads: int = 0) -> Recognize:
    """A function that reads the lines of a PNG (or JPEG, WebP) picture; safe to share between threads, one picture a time.

    Args:
        threads: CPU threads; 0 for the engine's choice.

    Raises:
        InputError: the extra isn't installed; says how to get it.
    """
    if not available():
        raise InputError(HINT)
    return _Engine(threads)


@dataclass(frozen=True)
class _Seen:
    """A box with four corners (clockwise from the top left of the text), its text and score."""

    corners: tuple[tuple[float, float], ...]
    text: str
    score: float


class _Engine:
    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._engine: Any = None
        self._lock = threading.Lock()

    def __call__(self, picture: bytes) -> Sequence[Line]:
        """Lines with their boxes in pixels of `picture`."""
        import cv2
        import numpy as np

        pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
        if pixels is None:
            raise InputError("图片解不开，可能已损坏，请重新拍摄或另存为 PNG。")
        height, width = pixels.shape[:2]
        shrink = min(_LONG_SIDE / max(height, width), 1.0)
        if shrink < 1:
            pixels = cv2.resize(pixels, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        with self._lock:
            seen, quarter = self._upright(pixels)
        return _lines(seen, quarter, (width, height), shrink)

    def _upright(self, pixels: Any) -> tuple[list[_Seen], int]:
        """What was read the right way up, and by how many quarter turns (clockwise) the picture had to be turned."""
        import cv2

        first = self._read(pixels)
        if not _doubtful(first):
            return first, 0
        turns = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}
        best, best_turn = first, 0
        for turn in (1, 3, 2) if _standing(first) else (2, 1, 3):
            seen = self._read(cv2.rotate(pixels, turns[turn]))
            if _weight(seen) > _weight(best):
                best, best_turn = seen, turn
            if not _doubtful(seen):
                break
        return best, best_turn

    def _read(self, pixels: Any) -> list[_Seen]:
        if self._engine is None:
            self._engine = _load(self._threads)
        found = self._engine(pixels, use_cls=False)
        if found.boxes is None or found.txts is None or found.scores is None:
            return []
        return [
            _Seen(tuple((float(x), float(y)) for x, y in box), text, float(score))
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
            if text.strip() and score >= _KEPT
        ]


def _load(threads: int) -> Any:
    from rapidocr import RapidOCR

    params: dict[str, Any] = {
        "Global.log_level": "error",
        "Global.text_score": _KEPT,
        "Global.max_side_len": _LONG_SIDE,
        "Global.use_cls": False,
    }
    if threads:
        params["EngineConfig.onnxruntime.intra_op_num_threads"] = threads
    return RapidOCR(params=params)


def _doubtful(seen: Sequence[_Seen]) -> bool:
    letters = sum(len(s.text) for s in seen)
    return letters > 0 and (sum(s.score * len(s.text) for s in seen) < _SURE * letters or _standing(seen))


def _standing(seen: Sequence[_Seen]) -> bool:
    """Whether most of the text stands on its side: its boxes are taller than wide."""
    tall = wide = 0
    for s in seen:
        xs, ys = [x for x, _ in s.corners], [y for _, y in s.corners]
        if max(ys) - min(ys) > 1.5 * (max(xs) - min(xs)):
            tall += len(s.text)
        else:
            wide += len(s.text)
    return tall > wide


def _weight(seen: Sequence[_Seen]) -> float:
    """How much was read how surely; a wrong turn reads less, less surely."""
    return sum(len(s.text) * s.score**4 for s in seen) * (0.5 if _standing(seen) else 1.0)


def _lines(seen: Sequence[_Seen], quarter: int, size: tuple[int, int], shrink: float) -> list[Line]:
    """Lines in pixels of the original picture, with their places on the upright, level page."""
    tilt = _tilt(seen)
    middle_x, middle_y = (s * shrink / 2 for s in (size if quarter % 2 == 0 else size[::-1]))
    out = []
    for s in seen:
        (ax, ay), (bx, by) = s.corners[0], s.corners[3]
        tall = math.hypot(ax - bx, ay - by)
        flow = _around([_level(p, tilt, (middle_x, middle_y)) for p in s.corners])
        middle = (flow[1] + flow[3]) / 2
        flow = (flow[0], middle - tall / 2, flow[2], middle + tall / 2)
        box = _around([_back(p, quarter, size, shrink) for p in s.corners])
        out.append(Line(_chinese_marks(s.text), box, _scaled(flow, shrink), tall * 0.75 / shrink, min(s.score, 0.999)))
    return out


_WIDE_MARKS = str.maketrans(",:;?!()", "，：；？！（）")
_NARROW = re.compile(r"(?<=[\u3400-\u9fff”」）])[,:;?!()]|[(),:;?!](?=[\u3400-\u9fff“「（])")


def _chinese_marks(text: str) -> str:
    """Punctuation next to Chinese as it is printed, full width; the engine often sees it narrow. Code stays as it is.

    Examples:
        >>> _chinese_marks("互斥,请求并保持;不可剥夺(见图)"), _chinese_marks("f(a, b); // 注:x")
        ('互斥，请求并保持；不可剥夺（见图）', 'f(a, b); // 注:x')
    """
    return text if looks_like_code(text) else _NARROW.sub(lambda m: m[0].translate(_WIDE_MARKS), text)


def _tilt(seen: Sequence[_Seen]) -> float:
    """By how many degrees the lines run down to the right; the middle of the long ones."""
    angles = []
    for s in seen:
        (x0, y0), (x1, y1) = s.corners[0], s.corners[1]
        if x1 - x0 > 4 * math.hypot(s.corners[3][0] - x0, s.corners[3][1] - y0):
            angles.append(math.degrees(math.atan2(y1 - y0, x1 - x0)))
    tilt = statistics.median(angles) if angles else 0.0
    return tilt if abs(tilt) > _LEVEL else 0.0


def _level(point: tuple[float, float], tilt: float, middle: tuple[float, float]) -> tuple[float, float]:
    turn = math.radians(-tilt)
    x, y = point[0] - middle[0], point[1] - middle[1]
    return x * math.cos(turn) - y * math.sin(turn) + middle[0], x * math.sin(turn) + y * math.cos(turn) + middle[1]


def _back(point: tuple[float, float], quarter: int, size: tuple[int, int], shrink: float) -> tuple[float, float]:
    """From the turned, shrunken picture to the original one of `size` pixels.

    Examples:
        >>> _back((0.0, 0.0), 1, (300, 200), 0.5), _back((0.0, 0.0), 2, (300, 200), 1.0)
        ((0.0, 200.0), (300.0, 200.0))
    """
    x, y = point[0] / shrink, point[1] / shrink
    width, height = float(size[0]), float(size[1])
    if quarter == 1:
        return y, height - x
    if quarter == 2:
        return width - x, height - y
    if quarter == 3:
        return width - y, x
    return x, y


def _around(points: Sequence[tuple[float, float]]) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _scaled(box: Box, shrink: float) -> Box:
    return box[0] / shrink, box[1] / shrink, box[2] / shrink, box[3] / shrink
