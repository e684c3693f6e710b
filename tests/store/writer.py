"""A program that writes to the study database until it is killed. Run by test_kill.py.

For each line ``HOME URL LOG NAME`` on standard input it forks a child, so that a start costs milliseconds, and prints
the child's process id. The child says in LOG what it is about to write (``?``) and what is committed (``!``), one JSON
list a line.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

from assistant408.store.attempts import Attempts
from assistant408.store.conversations import Conversations
from assistant408.store.db import open_database
from assistant408.store.marks import Favourites, PersonalNotes, Reports


def write(home: Path, url: str, log: int, name: str) -> None:
    """Writes through the public interface for as long as it lives."""
    rng = random.Random(name)

    def say(mark: str, *what: Any) -> None:
        os.write(log, (mark + json.dumps(what) + "\n").encode())

    engine = open_database(home, url)
    conversations, attempts = Conversations(engine), Attempts(engine)
    favourites, notes, reports = Favourites(engine), PersonalNotes(engine), Reports(engine)
    say("?", "conversation", f"{name}-c")
    conversation = conversations.create(f"{name}-c")
    say("!", "conversation", f"{name}-c")
    for i in range(1_000_000):
        kind = rng.choice(("message", "message", "attempt", "note", "favourite", "report"))
        token = f"{name}-{i}"
        say("?", kind, token)
        if kind == "message":
            conversations.add(conversation, "user", token, {"token": token, "long": "字" * rng.randrange(3000)})
        elif kind == "attempt":
            attempts.add(token, "答" * rng.randrange(500), True, 1.5)
        elif kind == "note":
            notes.put("question", name, token)
        elif kind == "favourite":
            favourites.add(token)
        else:
            reports.add(token, "stem", "x" * rng.randrange(2000))
        say("!", kind, token)


def main() -> None:
    """One child a line; the one before is reaped first."""
    for line in sys.stdin:
        home, url, log, name = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                write(Path(home), url, os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY), name)
            except BaseException as e:
                os.write(2, f"{name}: {e!r}\n".encode())
            os._exit(1)
        print(pid, flush=True)


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the killed
    main()
