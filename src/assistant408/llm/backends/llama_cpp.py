"""The embedded engine: llama.cpp's server inside this process, through the ``xllamacpp`` wheels.

Reading the prompt is what costs on a CPU, so no token is read twice: the engine keeps the state of the last prompt,
and `prime` stores the state after a request's shared part (system prompt and section) on disk, from where a later
request, in any process, takes it in milliseconds. State files are named by the model's and the text's hash and
dropped least-recently-used first when they exceed their budget.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import queue
import secrets
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from assistant408.core.errors import BackendError
from assistant408.core.machine import available_memory
from assistant408.llm.types import Message, Options, Request

__all__ = ["LlamaCppBackend"]

_END = object()
# one spelling of white space in constrained output: left free, a small model may write nothing but spaces
_COMPACT = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}


class LlamaCppBackend:
    """A GGUF file, loaded in this process.

    Args:
        path: the GGUF file.
        context: tokens of context; memory grows with it (about 28 KB a token for the 1.5B).
        threads: CPU threads, 0 for all cores.
        states: folder of saved section states; `None` keeps none.
        budget_bytes: how much `states` may hold.

    Raises:
        BackendError: the file is missing, or isn't a model, or memory is short.
    """

    def __init__(
        self,
        path: Path,
        context: int = 4096,
        threads: int = 0,
        states: Path | None = None,
        budget_bytes: int = 1 << 30,
    ) -> None:
        if not path.is_file():
            raise BackendError(f"找不到模型文件 {str(path)!r}，请先运行 a408 model pull。")
        _check_memory(path)
        import xllamacpp

        self.name = path.stem
        self.context = context
        key = secrets.token_urlsafe(24)
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = context
        params.n_parallel = 1
        params.n_batch = 128  # a cancelled prompt stops this many tokens on; 2% slower than stopping at its end
        params.no_extra_bufts = True  # 30% faster prompts and a third less memory than the repacked default
        params.warmup = False
        params.verbosity = -1
        params.api_keys = [key]
        params.cpuparams.n_threads = threads or os.cpu_count() or 2
        if states is not None:
            states = states / _fingerprint(path)
            states.mkdir(parents=True, exist_ok=True)
            params.slot_save_path = str(states) + os.sep
        self._states = states
        self._budget = budget_bytes
        try:
            with _quiet_stderr():
                self._server = xllamacpp.Server(params)
        except Exception as e:
            raise BackendError(f"加载模型 {path.name!r} 失败（{e}），请运行 a408 doctor 检查文件与内存。") from None
        self._http = httpx.Client(
            base_url=self._server.listening_address,
            headers={"Authorization": f"Bearer {key}"},
            timeout=600,
            trust_env=False,
        )
        self._lock = threading.Lock()
        self._rendered: dict[tuple[tuple[Message, ...], int], tuple[str, str, str]] = {}
        self._in_slot = ""  # the prompt whose state the engine holds

    # --- answering -----------------------------------------------------------------------------------------------

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        """Yields text as it is written, and nothing as the prompt is read. One at a time; others wait for the slot."""
        prompt = "".join(self._render(request))
        body: dict[str, Any] = {
            "prompt": prompt,
            "n_predict": options.max_tokens,
            "temperature": options.temperature,
            "top_p": options.top_p,
            "seed": options.seed,
            "stop": list(options.stop),
            "stream": True,
            "cache_prompt": True,
            "return_progress": True,
            "id_slot": 0,
        }
        if options.schema:
            body["json_schema"] = {**options.schema, "x-guidance": _COMPACT}
        with self._lock:
            self._restore(request)
            self._in_slot = prompt
            for chunk in self._events(body):
                if "prompt_progress" in chunk:
                    yield ""
                for choice in chunk.get("choices", []):
                    if text := choice.get("text"):
                        yield text

    def logprobs(self, request: Request, candidates: Sequence[str]) -> dict[str, float]:
        """Log probabilities out of the model's 100 likeliest next tokens."""
        prompt = "".join(self._render(request))
        body = {
            "prompt": prompt,
            "n_predict": 1,
            "temperature": 0,
            "logprobs": 100,
            # the sampled token must be text for the engine to report it; the probabilities are the model's own
            "grammar": "root ::= " + " | ".join(json.dumps(c, ensure_ascii=False) for c in candidates),
            "cache_prompt": True,
            "id_slot": 0,
        }
        with self._lock:
            self._restore(request)
            self._in_slot = prompt
            result = self._complete(body)
        out = dict.fromkeys(candidates, -math.inf)
        for entry in result["choices"][0]["logprobs"]["content"][0]["top_logprobs"]:
            token = entry["token"].strip()
            if token in out:
                out[token] = max(out[token], float(entry["logprob"]))
        return out

    def tokens(self, text: str) -> int:
        """How many tokens the model cuts `text` into."""
        response = self._http.post("/tokenize", json={"content": _harmless(text)})
        if response.status_code != 200:
            raise BackendError(f"模型 {self.name!r} 数不了词元：{response.text[:200]}")
        return len(response.json()["tokens"])

    def close(self) -> None:
        """Stops the engine and frees its memory."""
        self._http.close()
        del self._server

    # --- the state after a shared part ---------------------------------------------------------------------------

    def primed(self, request: Request) -> bool:
        """Whether the state after the request's shared part is on disk."""
        return self._states is not None and self._state_file(self._shared_text(request)).is_file()

    def prime(self, request: Request) -> None:
        """Reads the shared part and stores the state after it, unless it is there already."""
        text = self._shared_text(request)
        if self._states is None or self._state_file(text).is_file():
            return
        target = self._state_file(text)
        part = target.with_suffix(".part")
        with self._lock:
            self._restore(request)
            self._in_slot = text
            self._complete({"prompt": text, "n_predict": 0, "cache_prompt": True, "id_slot": 0})
            self._slot("save", part.name)
        part.replace(target)
        self._evict()

    def _shared_text(self, request: Request) -> str:
        base, shared, _ = self._render(request)
        return base + shared

    def _state_file(self, shared: str) -> Path:
        assert self._states is not None
        return self._states / f"{hashlib.sha256(shared.encode()).hexdigest()[:32]}.kv"

    def _restore(self, request: Request) -> None:
        """Loads the longest stored state that the prompt begins with, unless the engine holds as much."""
        if self._states is None:
            return
        base, shared, _ = self._render(request)
        for text in (base + shared, base):
            if self._in_slot.startswith(text):
                return
            file = self._state_file(text)
            if file.is_file():
                try:
                    self._slot("restore", file.name)
                    os.utime(file)
                    return
                except BackendError:  # written by another version of the engine, or cut short
                    file.unlink(missing_ok=True)

    def _slot(self, action: str, filename: str) -> None:
        response = self._http.post("/slots/0", params={"action": action}, json={"filename": filename})
        if response.status_code != 200:
            raise BackendError(
                f"模型状态 {filename!r} 无法{'保存' if action == 'save' else '恢复'}：{response.text[:200]}"
            )

    def _evict(self) -> None:
        assert self._states is not None
        files = sorted(self._states.parent.rglob("*.kv"), key=lambda f: f.stat().st_mtime)
        total = sum(f.stat().st_size for f in files)
        for file in files[:-1]:
            if total <= self._budget:
                break
            total -= file.stat().st_size
            file.unlink(missing_ok=True)

    # --- the engine ----------------------------------------------------------------------------------------------

    def _render(self, request: Request) -> tuple[str, str, str]:
        """The prompt by the model's own chat template: before the last message, its shared part, the rest."""
        key = (tuple(request.messages), request.shared)
        if key in self._rendered:
            return self._rendered[key]
        mark = secrets.token_hex(8)
        last = request.messages[-1]
        text, own = last.content[: request.shared], last.content[request.shared :]
        if text.endswith("<") and own.startswith("|"):  # a control token must not come about at the seam
            own = " " + own
        messages = [*request.messages[:-1], Message(last.role, mark + text + mark + own)]
        response = self._http.post(
            "/apply-template",
            json={"messages": [{"role": m.role, "content": _harmless(m.content)} for m in messages]},
        )
        if response.status_code != 200:
            raise BackendError(f"模型 {self.name!r} 的对话模板不能用：{response.text[:200]}")
        base, shared, rest = response.json()["prompt"].split(mark)
        if len(self._rendered) > 64:
            self._rendered.clear()
        self._rendered[key] = (base, shared, rest)
        return base, shared, rest

    def _complete(self, body: dict[str, Any]) -> dict[str, Any]:
        result = self._server.handle_completions(body)
        if isinstance(result, str):
            result = json.loads(result)
        _raise_if_error(result, self.context)
        return dict(result)

    def _events(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Runs the blocking call in a thread; leaving the iterator stops the engine at its next event."""
        events: queue.Queue[Any] = queue.Queue()
        cancelled = threading.Event()

        def on_event(event: Any) -> bool:
            events.put(event)
            return cancelled.is_set()

        def run() -> None:
            try:
                self._server.handle_completions(body, on_event)
            except Exception as e:
                events.put({"error": {"message": str(e)}})
            finally:
                events.put(_END)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            while (event := events.get()) is not _END:
                for item in event if isinstance(event, list) else [event]:
                    _raise_if_error(item, self.context)
                    yield item
        finally:
            cancelled.set()
            thread.join()


def _raise_if_error(event: Any, context: int) -> None:
    error = event.get("error") if isinstance(event, dict) else None
    if not error and isinstance(event, dict) and "code" in event and "message" in event:
        error = event
    if not error:
        return
    message = str(error.get("message", error))
    if "context" in message or "exceed" in message:
        raise BackendError(f"问题和资料超过了模型的上下文长度 {context}，请缩短问题或清空对话。")
    raise BackendError(f"模型运行出错：{message[:200]}")


def _harmless(text: str) -> str:
    """Text in which no control token of a chat template can be spelt."""
    return text.replace("<|", "< |")


def _fingerprint(path: Path) -> str:
    """A short name for the model file, from its size and its first and last MiB."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as f:
        digest.update(f.read(1 << 20))
        f.seek(max(0, size - (1 << 20)))
        digest.update(f.read())
    return digest.hexdigest()[:12]


def _check_memory(path: Path) -> None:
    """Refuses early rather than being killed: a model needs its size and some 500 MB."""
    need = path.stat().st_size + (500 << 20)
    free = available_memory()
    if free is not None and free < need:
        raise BackendError(
            f"内存不足：模型 {path.name!r} 约需 {need >> 20} MB，现在只有 {free >> 20} MB 可用；"
            "请关掉一些程序，换用更小的模型，或加 --no-llm 只看资料。"
        )


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    """The engine logs to file descriptor 2 while it loads; send that to nowhere."""
    saved = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(null)
        os.close(saved)
