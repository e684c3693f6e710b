"""Trying a ``/v1`` server out (测试连接), step by step, with a plain sentence for whatever goes wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx

from assistant408.core.errors import A408Error
from assistant408.llm.address import Address, Pinned, resolve
from assistant408.llm.backends.openai import OpenAIBackend
from assistant408.llm.types import Message, Options, Request

__all__ = ["Step", "probe"]

LISTED = 200  # models told of
LARGEST = 1 << 20  # bytes of the list
PATIENCE_S = 20.0


@dataclass(frozen=True)
class Step:
    """One step of the test.

    Attributes:
        name: ``address``, ``reach``, ``model`` or ``answer``.
        ok: whether the test goes on.
        text: one Chinese sentence.
        ms: how long it took, where that says something.
        models: what the server lists, with the step ``reach``.
    """

    name: str
    ok: bool
    text: str
    ms: float | None = None
    models: list[str] = field(default_factory=list)


def probe(
    base_url: str,
    model: str = "",
    key: str = "",
    find: Callable[[str], Address] = resolve,
    clock: Callable[[], float] = time.perf_counter,
) -> Iterator[Step]:
    """Yields the steps as they are done; the first that fails is the last.

    Args:
        model: what to ask; empty only lists the models.
        key: sent as a bearer token if not empty.
        find: resolves the address.
    """
    try:
        address = find(base_url)
    except A408Error as e:
        yield Step("address", False, str(e))
        return
    where = "这台电脑" if address.here else "、".join(address.ips[:2])
    yield Step("address", True, f"地址写法正确，{address.host} 是{'' if address.here else ' '}{where}。")
    start = clock()
    try:
        models = _models(address, key)
    except A408Error as e:
        yield Step("reach", False, str(e))
        return
    except httpx.HTTPError as e:
        yield Step("reach", False, _unreached(address, e))
        return
    ms = round(1000 * (clock() - start), 1)
    yield Step("reach", True, f"服务有回应，列出 {len(models)} 个模型。", ms, models[:LISTED])
    if not model:
        return
    if model not in models:
        named = "、".join(models[:5]) or "一个也没有"
        yield Step("model", False, f"服务没有模型 {model!r}，它列出的是：{named}{'…' if len(models) > 5 else ''}。")
        return
    yield Step("model", True, f"有模型 {model!r}。")
    yield _answer(address, model, key, clock)


def _models(address: Address, key: str) -> list[str]:
    """The names that the server lists.

    Raises:
        A408Error: the server says something else.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        client = httpx.Client(transport=Pinned(address), headers=headers, timeout=PATIENCE_S, trust_env=False)
    except UnicodeEncodeError:
        raise A408Error("密钥里有英文字母、数字和符号以外的字符，请检查。") from None
    with client, client.stream("GET", f"{address.url}/models") as response:
        if 300 <= response.status_code < 400:
            raise A408Error(
                f"服务要求跳转到 {response.headers.get('location', '别处')!r}，没有跟随；请直接填最终的地址。"
            )
        body = b""
        for piece in response.iter_bytes():
            body += piece
            if len(body) > LARGEST:
                raise A408Error(f"{address.url!r} 的模型列表超过 1 MB，这不像模型服务，请检查地址。")
    if response.status_code in (401, 403):
        raise A408Error(f"服务{'不认这个密钥' if key else '需要密钥'}（{response.status_code}），请检查密钥。")
    if response.status_code == 404:
        raise A408Error(f"{address.url}/models 不存在（404）：地址多半要以 /v1 结尾。")
    if response.status_code >= 400:
        raise A408Error(f"服务返回 {response.status_code}，请看它自己的日志。")
    try:
        return [str(m["id"]) for m in json.loads(body)["data"]]
    except (ValueError, KeyError, TypeError):
        raise A408Error(f"{address.url}/models 的回应不是 OpenAI 格式，请检查地址，通常以 /v1 结尾。") from None


def _answer(address: Address, model: str, key: str, clock: Callable[[], float]) -> Step:
    """Whether it says anything, and how soon."""
    try:
        backend = OpenAIBackend(address.url, model, key, transport=Pinned(address), timeout=PATIENCE_S)
        start = clock()
        try:
            pieces = backend.stream(Request((Message("user", "请回答一个字：好"),)), Options(max_tokens=8))
            first = next((piece for piece in pieces if piece), "")
            ms = round(1000 * (clock() - start), 1)
            getattr(pieces, "close", lambda: None)()
        finally:
            backend.close()
    except A408Error as e:
        return Step("answer", False, f"{str(e).rstrip('。')}。")
    if not first:
        return Step("answer", False, f"模型 {model!r} 没有写出文字，请看服务端的日志。")
    return Step("answer", True, f"能回答，首字用了 {ms:.0f} 毫秒。", ms)


def _unreached(address: Address, error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"{address.url!r} 超过 {PATIENCE_S:.0f} 秒没有回应，请看它是不是还在载入模型，或被防火墙挡住了。"
    if "CERTIFICATE" in str(error).upper():
        return f"{address.url!r} 的证书通不过检查，请在服务端换上有效的证书，或在内网用 http://。"
    if "SSL" in str(error).upper():
        return f"{address.url!r} 不会 https，请改成 http:// 再试。"
    if isinstance(error, httpx.ConnectError):
        return f"{address.url!r} 连不上：服务没有启动，或端口不对。"
    return f"{address.url!r} 的回应不像 HTTP 服务，请检查端口。"
