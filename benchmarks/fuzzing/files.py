"""Files that a user hands in: papers, settings, questions, conversations, cards, recipes, backups."""

from __future__ import annotations

import io
import json
import random
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from assistant408.content.questions import load_bank
from assistant408.content.syllabus import load_syllabus
from assistant408.core.errors import A408Error
from assistant408.core.paths import content_dir
from assistant408.core.settings import Settings, load_settings, save_settings
from assistant408.evals.items import read_items
from assistant408.practice.anki import question_deck, read_cards
from assistant408.practice.exam_file import read_paper
from assistant408.practice.exam_write import write_paper
from assistant408.practice.paper import Item, Paper
from assistant408.store.archive import make_backup, restore_backup
from assistant408.store.attempts import Attempts
from assistant408.store.conversations import Conversations
from assistant408.store.db import open_database
from assistant408.training.config import load_config
from assistant408.training.formats import read_conversations
from fuzzing.mutate import bent, brief, bytes_of, junk, text_of
from fuzzing.solvers import sentence

__all__ = ["Files"]

NOW = datetime(2026, 11, 24, tzinfo=timezone.utc)
MESSAGES = [{"role": "user", "content": "什么是死锁？"}, {"role": "assistant", "content": "互相等待。"}]
ROWS = (
    {"id": "1", "subject": "os", "question": "死锁？", "choices": {"A": "是", "B": "否"}, "answer": "B"},
    {"messages": MESSAGES},
    {"conversations": [{"from": "human", "value": "什么是死锁？"}, {"from": "gpt", "value": "互相等待。"}]},
    {"conversation": [{"system": "助教", "input": "什么是死锁？", "output": "互相等待。"}]},
)
SETTINGS = 'model = "x"\nthreads = 2\nexam_date = "2026-12-20"\ndaily_minutes = 30\ndatabase = "postgresql://u@h/d"\n'


def lines(rng: random.Random) -> bytes:
    """A JSONL file whose rows are bent, then at times its bytes too."""
    rows = [bent(rng, rng.choice(ROWS)) if rng.random() < 0.7 else rng.choice(ROWS) for _ in range(rng.randrange(1, 6))]
    data = "\n".join(json.dumps(row, ensure_ascii=rng.random() < 0.5) for row in rows).encode("utf-8", "surrogatepass")
    return bytes_of(rng, data) if rng.random() < 0.4 else data


class Files:
    """One kind of file at a time."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="a408-fuzz-"))
        self.last: tuple[str, bytes] = ("", b"")
        self.syllabus = load_syllabus(content_dir())
        bank = load_bank(content_dir())
        few = [q for q in bank if q.kind in ("single", "big")][::60]
        paper = Paper("卷", 180, [Item(n, q) for n, q in enumerate(few, 1)])
        self.papers = [write_paper(paper, keys=True), write_paper(Paper("卷", 9, list(paper.items[:3])), keys=True)]
        exam = {"title": "卷", "minutes": 30, "questions": [
            {"subject": "os", "points": 2, "stem": "死锁？", "choices": {"A": "1", "B": "2"}, "answer": "B", "explanation": "x", "difficulty": 2},
            {"subject": "cn", "points": 5, "stem": "说明", "parts": [{"points": 5, "prompt": "多少", "answer": "1", "rubric": [[5, "对"]]}]},
        ]}  # fmt: skip
        self.exam = exam
        self.deck = question_deck("408", bank[:3], str, NOW)
        self.recipe = (content_dir().parent / "configs").glob("*.toml")
        self.recipes = [p.read_text(encoding="utf-8") for p in self.recipe] or [
            'model = "tiny:x"\n[train]\nsteps = 2\n'
        ]
        home = self.folder / "home"
        engine = open_database(home)
        Attempts(engine).add("ds-list-0001", "A", True, 1)
        talk = Conversations(engine)
        talk.add(talk.create("死锁"), "user", "什么是死锁？")
        save_settings(home, Settings(threads=2))
        make_backup(home, engine, self.folder / "backup.zip", NOW, "0")
        engine.dispose()
        self.backup = (self.folder / "backup.zip").read_bytes()
        self.kinds: list[tuple[int, str, Callable[[random.Random], bytes], Callable[[Path], object]]] = [
            (5, "卷.md", lambda r: text_of(r, self.papers).encode("utf-8", "surrogatepass"), self._paper),
            (4, "卷.json", lambda r: json.dumps(bent(r, self.exam)).encode(), self._paper),
            (4, "settings.toml", lambda r: text_of(r, [SETTINGS]).encode("utf-8", "surrogatepass"), self._settings),
            (4, "items.jsonl", lines, read_items),
            (4, "train.jsonl", lines, read_conversations),
            (2, "sft.toml", lambda r: text_of(r, self.recipes).encode("utf-8", "surrogatepass"), load_config),
            (3, "cards.txt", lambda r: text_of(r, ["#separator:tab\n#deck column:3\n正\t反\td\n{{c1::死锁::x}}\t<b>2</b>\td\n", "a,b\n"]).encode("utf-8", "surrogatepass"), self._cards),
            (2, "cards.apkg", lambda r: self._zip(r, self.deck), self._cards),
            (1, "backup.zip", lambda r: self._zip(r, self.backup), self._restore),
        ]  # fmt: skip

    def run(self, rng: random.Random) -> str:
        """One file, read."""
        (_, name, make, read) = rng.choices(self.kinds, [k[0] for k in self.kinds])[0]
        data = make(rng)
        if rng.random() < 0.15:
            data = bytes_of(rng, data, self.deck)
        self.last = (name, data)
        path = self.folder / name
        path.write_bytes(data)
        try:
            read(path)
        except A408Error as e:
            return sentence(str(e))
        return "read"

    def shown(self) -> str:
        """The last file."""
        return f"{self.last[0]} {brief(self.last[1].decode('utf-8', 'backslashreplace'))}"

    def close(self) -> None:
        """Removes the files."""
        shutil.rmtree(self.folder)

    def _paper(self, path: Path) -> None:
        write_paper(read_paper(path.read_bytes(), path.name, self.syllabus), keys=True)

    def _cards(self, path: Path) -> None:
        read_cards(path.name, path.read_bytes())

    def _settings(self, path: Path) -> None:
        settings = load_settings(self.folder, {})
        save_settings(self.folder, settings)
        assert load_settings(self.folder, {}) == settings, "settings don't survive writing"

    def _restore(self, path: Path) -> None:
        home = self.folder / "other"
        restore_backup(home, "", path, NOW)
        open_database(home).dispose()
        shutil.rmtree(home)

    def _zip(self, rng: random.Random, data: bytes) -> bytes:
        """An archive with its bytes bent, or one member's, under a whole directory."""
        if rng.random() < 0.4:
            return bytes_of(rng, data)
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            members = {i.filename: z.read(i) for i in z.infolist()}
        name = rng.choice(sorted(members))
        if rng.random() < 0.1:
            members[junk(rng).encode("utf-8", "replace").decode()[:200] or "x"] = b"x"
        members[name] = bytes_of(rng, members[name])
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            for name, content in members.items():
                z.writestr(name.replace("\x00", "") or "x", content)
        return out.getvalue()
