"""What one request costs the program: CPU, database transactions and rows, bytes kept. The figures of ``docs/scale.md``.

    OMP_NUM_THREADS=1 python benchmarks/costs.py [--embedding e5|none] [--database postgresql+pg8000://…] [--repeat 40]

Starts the real program with the fake model on an empty home and asks it one thing at a time, many times; CPU time is what the
kernel charged that process, so other load on the machine hardly matters. The model's own work is not in it. Rows and
transactions are counted by PostgreSQL (``pg_stat_database``), and left out without ``--database``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from assistant408.content.asked import load_asked
from assistant408.content.questions import load_bank
from assistant408.core.paths import content_dir

TICK = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident_mb(pid: int) -> int:
    """Memory that a process holds."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]) >> 10


class Counted:
    """What a PostgreSQL database has done so far: commits, rows written, bytes."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url, isolation_level="AUTOCOMMIT") if url else None

    def __call__(self) -> tuple[int, int, int]:
        if self.engine is None:
            return 0, 0, 0
        time.sleep(2)  # until the server's processes have told their counts
        sql = "SELECT xact_commit, tup_inserted + tup_updated, pg_database_size(datname) FROM pg_stat_database WHERE datname = current_database()"
        with self.engine.connect() as db:
            db.execute(sa.text("SELECT pg_stat_clear_snapshot()"))
            commits, rows, size = db.execute(sa.text(sql)).one()
        return int(commits), int(rows), int(size)


def requests(client: httpx.Client) -> dict[str, Callable[[int], httpx.Response]]:
    """The kinds of request, each as a function of its number."""
    asked = [q for some in load_asked(content_dir()).values() for q in some][::7]
    bank = [q for q in load_bank(content_dir()) if q.kind == "single"]
    computed = [q.stem + "".join(f"\n{k}. {v}" for k, v in q.choices.items()) for q in bank if q.check]
    judged = [q.stem + "".join(f"\n{k}. {v}" for k, v in q.choices.items()) for q in bank if not q.check]
    notes = [n["id"] for n in client.get("/api/notes").json()]
    wishes = {"subjects": ["os"], "choices": 3, "bigs": 1, "minutes": 30, "seed": 5}
    exam = f"/api/exams/{client.post('/api/exams', json=wishes).json()['id']}"
    client.post(f"{exam}/start")
    number = iter(range(1, 1 << 30))

    def answer(n: int) -> httpx.Response:
        return client.put(
            f"{exam}/answers", json={"seq": next(number), "answers": [{"number": 1, "answer": "ABCD"[n % 4]}]}
        )

    return {
        "page": lambda n: client.get("/"),
        "note": lambda n: client.get(f"/api/notes/{notes[n % len(notes)]}"),
        "search": lambda n: client.get("/api/search", params={"q": asked[n % len(asked)]}),
        "solve": lambda n: client.post("/api/solve", json={"question": computed[n % len(computed)]}),
        "draw": lambda n: client.get("/api/questions", params={"limit": 10, "seed": n}),
        "practice answer": lambda n: client.post(
            f"/api/questions/{bank[n % len(bank)].id}/answer", json={"answer": "A"}
        ),
        "exam answer": answer,
        "ask, concept": lambda n: client.post("/api/ask", json={"question": asked[n % len(asked)]}),
        "ask, judged choice": lambda n: client.post("/api/ask", json={"question": judged[n % len(judged)]}),
        "conversations": lambda n: client.get("/api/conversations"),
    }


def main() -> None:
    """Measures, and prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embedding", default="e5")
    parser.add_argument("--database", default="")
    parser.add_argument("--repeat", type=int, default=40)
    args = parser.parse_args()
    counted = Counted(args.database)
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {"A408_HOME": home, "A408_EMBEDDING": args.embedding, "A408_DATABASE": args.database}
        command = [sys.executable, "-m", "assistant408", "web", "--model", "fake", "--port", "0", "--no-open"]
        with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as server:
            assert server.stderr is not None
            address = next(m[0] for line in server.stderr if (m := re.search(r"http://\S+?:\d+", line)))
            out: dict[str, Any] = {}
            with httpx.Client(base_url=address, trust_env=False, timeout=300) as client:
                for name, ask in requests(client).items():
                    for n in range(3):  # what is loaded once
                        ask(1000 + n)
                    before, used = counted(), cpu_s(server.pid)
                    sent = 0
                    for n in range(args.repeat):
                        response = ask(n)
                        assert response.status_code == 200, (name, response.text[:300])
                        sent += len(response.content)
                    spent = cpu_s(server.pid) - used
                    after = counted()
                    out[name] = {"cpu_ms": round(1000 * spent / args.repeat, 1), "sent_bytes": sent // args.repeat}
                    if args.database:
                        commits, rows, size = ((b - a) / args.repeat for a, b in zip(before, after, strict=True))
                        out[name] |= {"commits": round(commits, 2), "rows": round(rows, 2), "kept_bytes": round(size)}
                    print(name, out[name], file=sys.stderr, flush=True)
            report = {
                "embedding": args.embedding,
                "repeat": args.repeat,
                "resident_mb": resident_mb(server.pid),
                "requests": out,
            }
            server.terminate()
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
