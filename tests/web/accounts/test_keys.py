"""``/v1`` and ``/metrics`` with accounts: a user's own keys, and the server's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from openai import AuthenticationError, OpenAI, RateLimitError

from assistant408.web.app import create_api

SERVER = "server-key-of-tests"


def client(url: str, key: str) -> OpenAI:
    return OpenAI(
        base_url=f"{url}/v1", api_key=key, max_retries=0, http_client=httpx.Client(trust_env=False, timeout=60)
    )


@pytest.fixture
def key(student: Any) -> str:
    made = student("POST /api/me/keys", json={"name": "脚本"}).json()
    assert made["key"] not in student("GET /api/me/keys").text
    return str(made["key"])


def test_a_key_is_good_until_it_is_taken_back(house: Any, student: Any, key: str) -> None:
    with client(house.url, key) as api:
        assert [m.id for m in api.models.list()] == ["a408", "a408-raw", "a408-embedding"]
        listed = student("GET /api/me/keys").json()
        assert [k["name"] for k in listed] == ["脚本"] and listed[0]["last_used"]
        student(f"DELETE /api/me/keys/{listed[0]['id']}")
        with pytest.raises(AuthenticationError, match="密钥"):
            api.models.list()


def test_a_session_opens_no_api_and_a_key_no_pages(house: Any, student: Any, key: str) -> None:
    assert student("GET /v1/models").status_code == 401
    bearer = {"Authorization": f"Bearer {key}"}
    for path in ("/api/conversations", "/api/me/export", "/metrics"):
        assert httpx.get(house.url + path, headers=bearer, trust_env=False).status_code == 401, path
    for wrong in ("", "Bearer", "Bearer x", f"Basic {key}", key, "Bearer é".encode().decode("latin-1")):
        answer = httpx.get(
            house.url + "/v1/models", headers={"Authorization": wrong.encode("latin-1")}, trust_env=False
        )
        assert answer.status_code == 401 and answer.json()["error"]["type"] == "authentication_error"


def test_the_key_of_a_disabled_user_is_good_no_longer(house: Any, student: Any, key: str) -> None:
    house.accounts.users.change(student.user.id, disabled=True)
    with client(house.url, key) as api, pytest.raises(AuthenticationError):
        api.models.list()


def test_a_key_uses_its_owners_quota_and_documents(house: Any, student: Any, key: str, eventually: Any) -> None:
    made = student("POST /api/documents", files={"file": ("私.md", "# 秘密\n\n水獭协议的暗号是七。".encode())}).json()
    eventually(lambda: student(f"GET /api/documents/{made['id']}").json()["state"] == "ready")
    house.accounts.quotas.change(student.user.id, {"questions_day": 1})
    ask: Any = {"model": "a408", "messages": [{"role": "user", "content": "水獭协议的暗号是什么？"}]}
    with client(house.url, key) as api:
        found = api.chat.completions.create(**ask).model_extra["a408"]  # type: ignore[index]
        assert "私" in str(found["citations"]) or "水獭" in str(found)
        with pytest.raises(RateLimitError, match="1 个问题"):
            api.chat.completions.create(**ask)
    with client(house.url, SERVER) as api:
        assert "水獭协议" not in str(api.chat.completions.create(**ask).model_extra), (
            "the server's key is nobody in particular"
        )
    assert house.accounts.quotas.used(student.user.id) == 1


def test_the_servers_key_opens_metrics(house: Any) -> None:
    bearer = {"Authorization": f"Bearer {SERVER}"}
    answer = httpx.get(house.url + "/metrics", headers=bearer, trust_env=False)
    assert answer.status_code == 200 and "a408_requests" in answer.text
    assert httpx.get(house.url + "/v1/models", headers=bearer, trust_env=False).status_code == 200


def test_serve_takes_both_keys_and_has_no_pages(house: Any, student: Any, key: str, serve: Any) -> None:
    url = serve(create_api(house.services, prime=False, key=SERVER, any_host=True, accounts=house.accounts))
    for good in (key, SERVER):
        with client(url, good) as api:
            assert api.models.list().data
    with client(url, "x" * 20) as api, pytest.raises(AuthenticationError):
        api.models.list()
    token = student.client.cookies["a408"]
    for path in ("/api/conversations", "/api/me", "/"):
        assert httpx.get(url + path, cookies={"a408": token}, trust_env=False).status_code in (401, 404), path
