"""Settings from the file and the environment."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.core.settings import Settings, load_settings, save_settings

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "nowhere") == Settings()


@given(model=TEXT, url=TEXT, threads=st.integers(-(2**63), 2**63 - 1), date=TEXT)
def test_whatever_is_saved_reads_back(
    tmp_path_factory: pytest.TempPathFactory, model: str, url: str, threads: int, date: str
) -> None:
    home = tmp_path_factory.mktemp("home")
    wanted = Settings(model=model, base_url=url, threads=threads, exam_date=date)
    save_settings(home, wanted)
    assert load_settings(home) == wanted


def test_only_changes_are_written_and_never_the_key(tmp_path: Path) -> None:
    save_settings(tmp_path, Settings(model="m", api_key="sk-secret"))
    assert (tmp_path / "settings.toml").read_text(encoding="utf-8") == 'model = "m"\n'
    assert [p.name for p in tmp_path.iterdir()] == ["settings.toml"]


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_settings(tmp_path, Settings(model="from-file", threads=1))
    monkeypatch.setenv("A408_MODEL", "from-env")
    monkeypatch.setenv("A408_THREADS", "7")
    monkeypatch.setenv("A408_API_KEY", "sk-1")
    assert load_settings(tmp_path) == Settings(model="from-env", threads=7, api_key="sk-1")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("model = ", "不是合法的 TOML"),
        (b"\xff\xfe", "不是合法的 TOML"),
        ("modle = 'x'", "'modle' 不存在"),
        ("threads = 'many'", "threads 的值 'many' 应为整数"),
        ("threads = 1.5", "threads 的值 1.5 应为整数"),
        ("threads = true", "threads 的值 True 应为整数"),
        ("model = 3", "model 的值 3 应为文本"),
        ("embedding = ['e5']", "embedding"),
        ("api_key = 'sk-1'", "A408_API_KEY"),
        ("database = 'postgresql://u:pw@h/d'", "密码不写在设置文件"),
        ("database = 'postgresql://h/d?user=u&password=pw'", "PGPASSWORD"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, content: str | bytes, complaint: str) -> None:
    (tmp_path / "settings.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=complaint) as caught:
        load_settings(tmp_path)
    assert str(caught.value).endswith("。") and "\n" not in str(caught.value)


def test_a_bad_environment_variable_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A408_KV_CACHE_MB", "1 GB")
    with pytest.raises(InputError, match="kv_cache_mb 的值 '1 GB' 应为整数"):
        load_settings(tmp_path)


def test_a_database_of_the_environment_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text("database = 'postgresql://u@h/d'\n", encoding="utf-8")
    monkeypatch.setenv("A408_DATABASE", "postgresql://u:secret@elsewhere/d")
    settings = load_settings(tmp_path)
    assert settings.database == "postgresql://u:secret@elsewhere/d"
    save_settings(tmp_path, settings)
    assert (tmp_path / "settings.toml").read_text(encoding="utf-8") == 'database = "postgresql://u@h/d"\n'
    assert load_settings(tmp_path, {}).database == "postgresql://u@h/d"
