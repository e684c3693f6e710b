"""The list of models, and opening the one that the settings name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.llm.conftest import V1

from assistant408.core.errors import BackendError, InputError
from assistant408.core.settings import Settings
from assistant408.llm.backends.fake import FakeBackend
from assistant408.llm.backends.openai import OpenAIBackend
from assistant408.llm.models import default_model, find_model, load_models
from assistant408.llm.open import open_backend

MINE = """
[mine]
name = "我的"
file = "mine.gguf"
bytes = 3
sha256 = "00"
licence = "MIT"
upstream = "me/mine"
context = 128
template = "chatml"
memory_mb = 1
"""


def test_the_shipped_list_is_complete(own_home: Path) -> None:
    models = load_models(own_home)
    assert sum(m.default for m in models.values()) == 1
    for m in models.values():
        assert re.fullmatch(r"[0-9a-f]{64}", m.sha256) and m.bytes > 1e8 and m.context >= 2048 and m.licence
        assert m.file.endswith(".gguf") and "/" not in m.file
        assert m.sources, f"{m.id} can't be pulled"
        for source in m.sources:
            if source.kind == "url":
                assert source.url.startswith("https://")
            else:
                assert source.package.format(n=7) != source.package and source.parts > 0 and source.version


def test_the_two_verified_models_are_the_official_files(own_home: Path) -> None:
    big, small = find_model(own_home, "qwen2.5-coder-1.5b"), find_model(own_home, "qwen2.5-coder-0.5b")
    assert default_model(own_home) == big
    assert (big.bytes, big.sha256) == (
        1_117_320_768,
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    )
    assert (small.bytes, small.sha256) == (
        491_400_064,
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    )


def test_the_users_file_adds_and_replaces(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "models.toml").write_text(MINE + "default = true\n", encoding="utf-8")
    assert find_model(own_home, "mine").sources == ()
    assert default_model(own_home).id == "mine", "the user's default wins"
    again = MINE.replace("[mine]", '["qwen2.5-coder-1.5b"]')
    (own_home / "models.toml").write_text(again, encoding="utf-8")
    assert find_model(own_home, "qwen2.5-coder-1.5b").name == "我的"
    with pytest.raises(InputError, match="没有默认模型"):
        default_model(own_home)


@pytest.mark.parametrize(
    "text",
    ["[mine", "mine = 3", "[mine]\nname = 'x'", MINE + "colour = 'red'\n", MINE + "sources = [{ kin = 'url' }]\n"],
)
def test_a_bad_file_is_one_sentence(own_home: Path, text: str) -> None:
    own_home.mkdir()
    (own_home / "models.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="写错了"):
        load_models(own_home)


def test_an_unknown_model_is_named_beside_the_known(own_home: Path) -> None:
    with pytest.raises(InputError, match=r"没有模型 'gpt-9'，可用的有：.*qwen2\.5-coder-0\.5b"):
        find_model(own_home, "gpt-9")


def test_a_model_that_is_not_installed_says_what_to_run(own_home: Path) -> None:
    with pytest.raises(BackendError, match=r"还没有下载，请运行 a408 model pull qwen2\.5-coder-1\.5b。"):
        open_backend(own_home, Settings())
    with pytest.raises(BackendError, match=r"a408 model pull qwen2\.5-coder-0\.5b。"):
        open_backend(own_home, Settings(model="qwen2.5-coder-0.5b"))
    with pytest.raises(InputError, match="没有模型 'nothing'"):
        open_backend(own_home, Settings(), model="nothing")
    with pytest.raises(InputError, match="没有模型"):
        open_backend(own_home, Settings(model=str(own_home / "missing.gguf")))


def test_each_kind_of_name_opens_its_backend(own_home: Path, v1: V1, tmp_path: Path) -> None:
    assert isinstance(open_backend(own_home, Settings(), model="fake"), FakeBackend)
    for settings, model, name in (
        (Settings(base_url=v1.url), "", "served-model"),
        (Settings(base_url=v1.url, model="openai:internlm2"), "", "internlm2"),
        (Settings(base_url=v1.url, model="chosen"), "", "chosen"),
        (Settings(base_url=v1.url), "openai:other", "other"),
    ):
        opened = open_backend(own_home, settings, model)
        assert isinstance(opened, OpenAIBackend) and opened.name == name
        opened.close()
    with pytest.raises(BackendError, match="A408_BASE_URL"):
        open_backend(own_home, Settings(model="openai:x"))
    with pytest.raises(BackendError, match=r"transformers|config\.json"):
        open_backend(own_home, Settings(model=str(tmp_path)))
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"not a model")
    with pytest.raises(BackendError, match=r"加载模型 'bad\.gguf' 失败"):
        open_backend(own_home, Settings(model=str(bad)))
