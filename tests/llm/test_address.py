"""What may be the address of a server, and where connections to it go."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from assistant408.core.errors import BackendError, InputError
from assistant408.core.settings import Settings
from assistant408.llm.address import Address, Pinned, resolve
from assistant408.llm.open import open_backend


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://127.0.0.1/v1", "127.0.0.1:8000/v1", "http://", "", "http:///v1", "http://[::1/v1",
        "http://127.0.0.1:99999999/v1", "http://me:secret@127.0.0.1/v1", "http://127.0.0.1/v1?x=1", "http://127.0.0.1/v1#x",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_server(url: str) -> None:
    with pytest.raises(InputError, match=r"。$") as e:
        resolve(url, lambda host, port: ["127.0.0.1"])
    assert "secret" not in str(e.value)


@pytest.mark.parametrize(
    "ip",
    ["169.254.169.254", "169.254.0.1", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "::ffff:169.254.169.254",
     "::ffff:0.0.0.0", "2002:a9fe:a9fe::"],
)  # fmt: skip
def test_where_none_may_connect(ip: str) -> None:
    with pytest.raises(InputError, match="不能连接"):
        resolve("http://name.example/v1", lambda host, port: [ip])
    with pytest.raises(InputError, match="不能连接"):
        resolve("http://name.example/v1", lambda host, port: ["192.168.1.5", ip])


@pytest.mark.parametrize("host", ["0", "0.0.0.0", "169.254.169.254", "[::]", "[fe80::1]", "2852039166", "0xA9FEA9FE"])
def test_other_spellings_of_the_same_by_the_real_resolver(host: str) -> None:
    with pytest.raises(InputError):
        resolve(f"http://{host}:8000/v1")


@pytest.mark.parametrize("ip", ["127.0.0.1", "::1", "10.0.0.7", "192.168.1.5", "fd00::5", "8.8.8.8"])
def test_where_a_model_server_usually_is(ip: str) -> None:
    address = resolve(" http://name.example:8000/v1/ ", lambda host, port: [ip])
    assert address == Address("http://name.example:8000/v1", "name.example", (ip,))
    assert address.here == (ip in ("127.0.0.1", "::1"))


def test_a_name_is_resolved_once_and_connections_go_there(v1: Any) -> None:
    """A second answer of the name's server (DNS rebinding) would not be asked for."""
    port = httpx.URL(v1.url).port
    asked: list[str] = []

    def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    address = resolve(f"http://model.invalid:{port}/v1", lookup)
    with httpx.Client(transport=Pinned(address), trust_env=False) as client:
        for _ in range(2):
            assert client.get(f"{address.url}/models").json()["data"]
            client.post(
                f"{address.url}/chat/completions", json={"messages": [{"content": "好"}], "max_tokens": 1}
            ).read()
        with pytest.raises(httpx.UnsupportedProtocol):
            client.get("http://other.invalid/")
    assert asked == ["model.invalid"]
    assert v1.headers[0]["Host"] == f"model.invalid:{port}"


def test_the_next_address_is_tried_where_the_first_is_closed(v1: Any) -> None:
    port = httpx.URL(v1.url).port
    address = Address(f"http://twice.invalid:{port}/v1", "twice.invalid", ("127.0.0.99", "127.0.0.1"))
    with httpx.Client(transport=Pinned(address), trust_env=False) as client:
        assert client.get(f"{address.url}/models").status_code == 200
    nowhere = Address(f"http://twice.invalid:{port}/v1", "twice.invalid", ("127.0.0.98", "127.0.0.99"))
    with httpx.Client(transport=Pinned(nowhere), trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get(f"{nowhere.url}/models")


def test_the_setting_is_held_to_the_same(own_home: Any, v1: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BackendError, match="不能连接"):
        open_backend(own_home, Settings(base_url="http://169.254.169.254/v1"))
    for name in ("http_proxy", "HTTP_PROXY"):  # a proxy doesn't lead round loopback
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    backend = open_backend(own_home, Settings(base_url=v1.url))
    assert backend.name == "served-model"
    backend.close()
