"""Sections are read ahead while nobody asks, the one just asked about first."""

import time

from assistant408.core.settings import Settings
from assistant408.llm.backends.fake import FakeBackend
from assistant408.web import prime
from assistant408.web.prime import IdlePrimer
from assistant408.web.services import Services


class Recorder(FakeBackend):
    """A backend that remembers what was primed."""

    def __init__(self):
        super().__init__()
        self.read = []

    def primed(self, request):
        return request in self.read

    def prime(self, request):
        self.read.append(request)


def start(indexed_home, content, monkeypatch, idle):
    monkeypatch.setattr(prime, "IDLE_SECONDS", idle)
    services = Services(indexed_home, content, Settings(embedding="none"))
    services.ensure_index()
    services._backend = Recorder()
    return services, IdlePrimer(services, ahead=1)


def test_the_section_just_asked_about_comes_first(indexed_home, content, monkeypatch):
    services, primer = start(indexed_home, content, monkeypatch, 0.0)
    primer.want("os/deadlock/deadlock-basics", "os.deadlock.conditions")
    primer.start()
    deadline = time.monotonic() + 60
    while len(services._backend.read) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    primer.stop()
    bare, section = services._backend.read[:2]
    assert bare.messages[-1].content == ""
    assert "死锁的四个必要条件" in section.messages[-1].content
    assert section.shared == len(section.messages[-1].content)


def test_nothing_is_read_while_somebody_is_at_work(indexed_home, content, monkeypatch):
    services, primer = start(indexed_home, content, monkeypatch, 3600.0)
    primer.want("os/deadlock/deadlock-basics", "os.deadlock.conditions")
    primer.start()
    time.sleep(2.5)
    primer.stop()
    assert services._backend.read == []
