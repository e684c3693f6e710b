"""How fast a GGUF is in the embedded engine, and how much memory it takes: run in a process of its own.

``python -m assistant408.training.speed FILE.gguf`` prints one JSON object.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from assistant408.core.errors import BackendError

__all__ = ["measure_speed"]

PROMPT = (
    "死锁是指多个进程因竞争资源而互相等待，若无外力作用都无法向前推进。产生死锁的四个必要条件是互斥、不可剥夺、请求并保持和循环等待。"
    "预防死锁是破坏四个必要条件之一；避免死锁是在分配前判断系统是否会进入不安全状态，银行家算法是其代表；检测死锁允许死锁发生，"
    "用资源分配图化简来发现，然后用剥夺资源、撤销进程等办法解除。"
)
WRITTEN = 64  # tokens


def measure_speed(model: Path) -> dict[str, Any]:
    """Tokens a second of reading and of writing, seconds to load, peak memory of the process.

    Raises:
        BackendError: the engine can't load the file.
    """
    done = subprocess.run([sys.executable, "-m", __name__, str(model)], capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["没有输出"])[-1]
        raise BackendError(f"引擎不能运行 {model.name!r}：{last[:200]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _measure(model: Path) -> dict[str, Any]:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx = 2048
    params.n_parallel = 1
    params.no_extra_bufts = True
    params.warmup = False
    params.verbosity = -1
    params.cpuparams.n_threads = os.cpu_count() or 2
    began = time.perf_counter()
    server = xllamacpp.Server(params)
    loaded = time.perf_counter() - began
    body = {"prompt": PROMPT, "n_predict": WRITTEN, "temperature": 0, "cache_prompt": False, "ignore_eos": True}
    reply = server.handle_completions(body)
    timings = (json.loads(reply) if isinstance(reply, str) else reply)["timings"]
    return {
        "prompt_tokens_per_second": round(timings["prompt_per_second"], 1),
        "written_tokens_per_second": round(timings["predicted_per_second"], 1),
        "load_seconds": round(loaded, 2),
        "peak_memory_mb": _peak_bytes() >> 20,
        "bytes": model.stat().st_size,
    }


def _peak_bytes() -> int:
    """The most memory that this process held; what ``getrusage`` says may be of the process that started it."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]))))
