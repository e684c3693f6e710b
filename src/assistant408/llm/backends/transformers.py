"""A local Hugging Face folder, such as InternLM2-chat-7b or a merged fine-tune (the ``train`` extra)."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant408.core.errors import BackendError
from assistant408.llm.types import Options, Request

__all__ = ["TransformersBackend"]


class TransformersBackend:
    """A causal language model loaded with transformers, on a GPU if there is one.

    Args:
        folder: a folder with ``config.json``, weights and a tokenizer with a chat template; or a GGUF file, which is
            dequantized.
        adapter: a LoRA adapter (PEFT) to serve on top of it, unmerged.

    Raises:
        BackendError: the extra isn't installed, or the folder isn't a model.
    """

    def __init__(self, folder: Path, context: int = 8192, adapter: Path | None = None) -> None:
        try:
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ImportError:
            raise BackendError("没有安装 transformers，请运行 pip install 'assistant408[train]'。") from None
        where: dict[str, Any] = {"pretrained_model_name_or_path": folder}
        if folder.is_file():
            where = {"pretrained_model_name_or_path": folder.parent, "gguf_file": folder.name}
        elif not (folder / "config.json").is_file():
            raise BackendError(f"{str(folder)!r} 不是 Hugging Face 模型文件夹（缺 config.json）。")
        self.name = (adapter or folder).name
        self._torch = torch
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(**where, local_files_only=True)
            model = AutoModelForCausalLM.from_pretrained(
                **where,
                local_files_only=True,
                dtype=torch.bfloat16 if torch.cuda.is_available() else torch.float32,
                device_map="auto" if torch.cuda.is_available() else None,
            )
            self._model = (_adapted(model, adapter) if adapter else model).eval()
        except (OSError, ValueError, RuntimeError) as e:
            raise BackendError(f"加载模型 {str(folder)!r} 失败：{str(e).splitlines()[0][:200]}") from None
        self.context = min(context, getattr(self._model.config, "max_position_embeddings", context))

    def _ids(self, request: Request, room: int) -> Any:
        ids = self._tokenizer.apply_chat_template(
            [{"role": m.role, "content": m.content} for m in request.messages],
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )["input_ids"]  # (1, T)
        if ids.shape[1] + room > self.context:
            raise BackendError(
                f"问题和资料有 {ids.shape[1]} 个 token，超过了模型的上下文长度 {self.context}，请缩短问题。"
            )
        return ids.to(self._model.device)

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        """Generates in a thread; JSON schemas are not enforced by this engine."""
        from transformers import StoppingCriteria, StoppingCriteriaList, TextIteratorStreamer

        ids = self._ids(request, 1)
        cancelled = threading.Event()
        failure: list[BaseException] = []

        class Cancel(StoppingCriteria):  # type: ignore[misc]
            def __call__(self, *args: object, **kwargs: object) -> bool:
                return cancelled.is_set()

        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        sampling: dict[str, Any] = {"do_sample": False}
        if options.temperature > 0:
            sampling = {"do_sample": True, "temperature": options.temperature, "top_p": options.top_p}
            self._torch.manual_seed(options.seed)

        def run() -> None:
            try:
                with self._torch.inference_mode():
                    self._model.generate(
                        ids,
                        attention_mask=self._torch.ones_like(ids),
                        max_new_tokens=options.max_tokens,
                        streamer=streamer,
                        stopping_criteria=StoppingCriteriaList([Cancel()]),
                        **sampling,
                    )
            except BaseException as e:
                failure.append(e)
                streamer.end()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        text = ""
        try:
            for piece in streamer:
                text += piece
                cut = min((text.find(s) for s in options.stop if s in text), default=-1)
                if cut >= 0:
                    if keep := piece[: len(piece) - (len(text) - cut)]:
                        yield keep
                    return
                if piece:
                    yield piece
        finally:
            cancelled.set()
            thread.join()
        if failure:
            raise BackendError(f"模型 {self.name!r} 生成失败：{str(failure[0]).splitlines()[0][:200]}")

    def logprobs(self, request: Request, candidates: Sequence[str]) -> dict[str, float]:
        """Log probabilities of each candidate's first token, the better of it with and without a space before."""
        with self._torch.inference_mode():
            logits = self._model(self._ids(request, 1)).logits[0, -1].float()  # (V,)
        row = logits.log_softmax(-1)
        out = {}
        for c in candidates:
            tokens = {self._tokenizer.encode(t, add_special_tokens=False)[0] for t in (c, " " + c)}
            out[c] = max((float(row[t]) for t in tokens), default=-math.inf)
        return out

    def close(self) -> None:
        """Drops the weights."""
        del self._model


def _adapted(model: Any, adapter: Path) -> Any:
    try:
        from peft import PeftModel
    except ImportError:
        raise BackendError("没有安装 peft，请运行 pip install 'assistant408[train]'。") from None
    return PeftModel.from_pretrained(model, str(adapter))
