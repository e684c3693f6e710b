"""Any server that speaks OpenAI's ``/v1/chat/completions``: LMDeploy, vLLM, SGLang, Ollama, a cloud API."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from assistant408.core.errors import BackendError
from assistant408.llm.types import Options, Request

__all__ = ["OpenAIBackend"]


class OpenAIBackend:
    """A model of a remote or local ``/v1`` server.

    Args:
        base_url: ends in ``/v1``.
        model: the server's name of the model; empty for the first that it lists.
        api_key: sent as a bearer token if not empty.
        transport: how requests travel, in place of httpx's own way.
        timeout: seconds without a sign of life after which the server is given up.

    Raises:
        BackendError: the server doesn't answer or lists no such model.
    """

    def __init__(
        self,
        base_url: str,
        model: str = "",
        api_key: str = "",
        context: int = 8192,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 120,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.context = context
        self.slots = 256  # the server has a line of its own
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        try:
            self._http = httpx.Client(
                base_url=self.base_url,
                headers=headers,
                timeout=httpx.Timeout(timeout, connect=5),
                transport=transport,
                trust_env=httpx.URL(self.base_url).host not in ("127.0.0.1", "localhost", "::1"),  # no proxy to oneself
            )
        except httpx.InvalidURL:
            raise self._odd("地址") from None
        except UnicodeEncodeError:
            raise BackendError("密钥 A408_API_KEY 里有英文字母、数字和符号以外的字符，请检查。") from None
        try:
            self.name = model or self._first_model()
        except BackendError:
            self._http.close()
            raise

    def _first_model(self) -> str:
        listed = self._json("GET", "/models").get("data")
        if not listed:
            raise BackendError(f"模型服务 {self.base_url!r} 没有列出任何模型，请先在服务端加载一个。")
        try:
            return str(listed[0]["id"])
        except (KeyError, TypeError):
            raise self._odd() from None

    def stream(self, request: Request, options: Options) -> Iterator[str]:
        """Yields the deltas of a streamed chat completion."""
        body = self._body(request, options) | {"stream": True}
        spoke = False
        try:
            with self._http.stream("POST", "/chat/completions", json=body) as response:
                if response.status_code >= 400:
                    response.read()
                    raise self._refusal(response)
                for line in response.iter_lines():
                    if not line.startswith("data:"):
                        continue
                    data = line[5:].strip()
                    if data == "[DONE]":
                        return
                    text = self._delta(data)
                    spoke = True
                    if text:
                        yield text
        except httpx.HTTPError as e:
            raise self._unreachable(e) from None
        if not spoke:
            raise self._odd()

    def _delta(self, data: str) -> str:
        """The new text of one event."""
        try:
            event = json.loads(data)
            if error := event.get("error"):
                raise BackendError(f"模型服务报错：{_short(str(error))}")
            choices = event.get("choices") or []
            return "".join((choice.get("delta") or {}).get("content") or "" for choice in choices)
        except (ValueError, AttributeError, TypeError):
            raise self._odd() from None

    def logprobs(self, request: Request, candidates: Sequence[str]) -> dict[str, float]:
        """Log probabilities out of the server's 20 likeliest first tokens."""
        body = self._body(request, Options(max_tokens=1)) | {"logprobs": True, "top_logprobs": 20}
        data = self._json("POST", "/chat/completions", body)
        out = dict.fromkeys(candidates, -math.inf)
        try:
            content = (data["choices"][0].get("logprobs") or {}).get("content") or []
            listed = [(str(e["token"]).strip(), float(e["logprob"])) for c in content[:1] for e in c["top_logprobs"]]
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            raise self._odd() from None
        if not listed:
            raise BackendError(f"模型服务 {self.base_url!r} 不返回对数概率，请改用生成式评分。")
        for token, value in listed:
            if token in out:
                out[token] = max(out[token], value)
        return out

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _body(self, request: Request, options: Options) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.name,
            "messages": [{"role": m.role, "content": m.content} for m in request.messages],
            "max_tokens": options.max_tokens,
            "temperature": options.temperature,
            "top_p": options.top_p,
            "seed": options.seed,
        }
        if options.stop:
            body["stop"] = list(options.stop)
        if options.schema:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": dict(options.schema), "strict": True},
            }
        return body

    def _json(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, json=body)
        except httpx.HTTPError as e:
            raise self._unreachable(e) from None
        if response.status_code >= 400:
            raise self._refusal(response)
        try:
            data = response.json()
        except ValueError:
            data = None
        if not isinstance(data, dict):
            raise self._odd()
        return data

    def _odd(self, what: str = "回应") -> BackendError:
        return BackendError(
            f"模型服务 {self.base_url!r} 的{what}不是 OpenAI 格式，请检查地址，例如 http://127.0.0.1:8000/v1。"
        )

    def _refusal(self, response: httpx.Response) -> BackendError:
        text = _short(response.text)
        if response.status_code in (401, 403):
            return BackendError(f"模型服务 {self.base_url!r} 拒绝了密钥，请检查 A408_API_KEY。")
        if "context" in text and ("length" in text or "exceed" in text or "size" in text):
            return BackendError("问题和资料超过了模型的上下文长度，请缩短问题。")
        busy = response.status_code in (408, 409, 429) or response.status_code >= 500
        return BackendError(f"模型服务 {self.base_url!r} 返回 {response.status_code}：{text}", transient=busy)

    def _unreachable(self, error: httpx.HTTPError) -> BackendError:
        reason = "连接超时" if isinstance(error, httpx.TimeoutException) else "连接不上"
        return BackendError(f"模型服务 {self.base_url!r} {reason}，请确认它已启动、地址正确。", transient=True)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 200 else text[:197] + "..."
