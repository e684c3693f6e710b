"""One person's own part of the program: what he asked, answered, kept and set, over the rooms that all share.

Imports no web framework.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant408.core.errors import InputError

if TYPE_CHECKING:
    from assistant408.kb.base import KnowledgeBase
    from assistant408.kb.ingest import Ingest
    from assistant408.practice.exam import Exams
    from assistant408.store.attempts import Attempts
    from assistant408.store.conversations import Conversations
    from assistant408.store.marks import Favourites, PersonalNotes, Reports
    from assistant408.store.preferences import Preferences
    from assistant408.store.quotas import Quotas
    from assistant408.tutor.answer import Tutor
    from assistant408.web.queue import Ticket
    from assistant408.web.services import Services

__all__ = ["Learner"]


class Learner:
    """One person's view of the program; cheap to make.

    Args:
        services: the shared rooms.
        owner: the account's id; empty where there are no accounts.
    """

    def __init__(self, services: Services, owner: str = "") -> None:
        self.services = services
        self.owner = owner

    @cached_property
    def attempts(self) -> Attempts:
        """Answers given to practice questions."""
        from assistant408.store.attempts import Attempts

        return Attempts(self.services.database, owner=self.owner)

    @cached_property
    def conversations(self) -> Conversations:
        """Stored conversations."""
        from assistant408.store.conversations import Conversations

        return Conversations(self.services.database, owner=self.owner)

    @cached_property
    def favourites(self) -> Favourites:
        """Questions kept for another look."""
        from assistant408.store.marks import Favourites

        return Favourites(self.services.database, owner=self.owner)

    @cached_property
    def personal_notes(self) -> PersonalNotes:
        """The learner's own notes."""
        from assistant408.store.marks import PersonalNotes

        return PersonalNotes(self.services.database, owner=self.owner)

    @cached_property
    def reports(self) -> Reports:
        """Errors that the learner found."""
        from assistant408.store.marks import Reports

        return Reports(self.services.database, owner=self.owner)

    @cached_property
    def exams(self) -> Exams:
        """Mock exams."""
        from assistant408.practice.exam import Exams
        from assistant408.store.exams import ExamStore

        return Exams(ExamStore(self.services.database, self.owner))

    @cached_property
    def preferences(self) -> Preferences:
        """What the learner has set, with an account."""
        from assistant408.store.preferences import Preferences

        return Preferences(self.services.database, self.owner)

    # --- questions -------------------------------------------------------------------------------------------------

    @property
    def kb(self) -> KnowledgeBase:
        """The knowledge base as this person sees it: the shipped notes and his own documents."""
        kb = self.services.ensure_index()
        return kb.of(self.owner) if self.owner else kb

    def admit(self, client: str) -> Ticket:
        """Lets a question to the model in, if there is room and the account's quota allows.

        Args:
            client: whose turn it takes.

        Raises:
            BusyError: too many are inside, or the program is stopping.
            LimitError: the account's quota is used up.
        """
        if not self.owner:
            return self.services.admit(client)
        ticket = self.services.admit(client, self.quotas.of(self.owner).streams)
        try:
            self.quotas.take_question(self.owner)
        except BaseException:
            ticket.leave()
            raise
        return ticket

    def queued_tutor(self, ticket: Ticket, report: Callable[[int], None]) -> Tutor:
        """The tutor for one question; see `Services.queued_tutor`."""
        return replace(self.services.queued_tutor(ticket, report), kb=self.kb)

    def ask_json(self, prompt: str, schema: Mapping[str, Any]) -> str:
        """What the model answers, held to a JSON schema, in turn and within the quota."""
        ticket = self.admit(self.owner)
        try:
            return self.services.ask_json(prompt, schema, ticket)
        finally:
            ticket.leave()

    @cached_property
    def quotas(self) -> Quotas:
        """What accounts may use."""
        from assistant408.store.quotas import Quotas

        return Quotas(self.services.database)

    # --- documents -------------------------------------------------------------------------------------------------

    @property
    def ingest(self) -> Ingest:
        """What takes this person's documents in."""
        ingest = self.services.ingest
        return ingest.of(self.owner) if self.owner else ingest

    def document_ids(self) -> list[str]:
        """The ids of his documents."""
        return [entry.id for entry in self.ingest.library.entries()]

    def originals(self) -> list[tuple[str, Path]]:
        """The name of each document and the file as it came, of those that are still there."""
        ingest = self.ingest
        files = [(e.name, ingest.library.file(e.sha256)) for e in ingest.library.entries()]
        paths = [(name, ingest.original(file.sha256, file.suffix)) for name, file in files]
        return [(name, path) for name, path in paths if path.is_file()]

    def document_bytes(self) -> int:
        """The size of his documents as they came."""
        library = self.ingest.library
        return sum(library.file(e.sha256).bytes for e in library.entries())

    def upload_bytes(self, most: int) -> int:
        """How large a file may be: `most`, or what the account's quota allows."""
        return min(most, self.quotas.of(self.owner).upload_mb << 20) if self.owner else most

    def check_room(self, size: int) -> None:
        """Refuses a file of `size` bytes for which the account's quota has no room left.

        Raises:
            InputError: it has none.
        """
        if not self.owner:
            return
        quota, used = self.quotas.of(self.owner), self.document_bytes()
        if used + size > quota.documents_mb << 20:
            raise InputError(
                f"资料已用 {_mb(used)} MB，上限 {quota.documents_mb} MB，这个文件 {_mb(size)} MB 放不下，请先删掉不用的资料。"
            )

    # --- the plan --------------------------------------------------------------------------------------------------

    @property
    def exam_date(self) -> str:
        """The ISO date of the exam; empty if it isn't set."""
        return str(self._plan()["exam_date"])

    @property
    def daily_minutes(self) -> int:
        """The minutes of a day."""
        return int(self._plan()["daily_minutes"])

    def set_plan(self, **changes: Any) -> None:
        """Changes `exam_date` or `daily_minutes`: of the account, or in the settings file where there are none."""
        if self.owner:
            self.preferences.put("plan", self._plan() | changes)
        else:
            self.services.update_settings(**changes)

    def _plan(self) -> dict[str, Any]:
        settings = self.services.settings
        plan = {"exam_date": settings.exam_date, "daily_minutes": settings.daily_minutes}
        return plan | (self.preferences.get("plan") or {}) if self.owner else plan

    # --- exams -----------------------------------------------------------------------------------------------------

    def new_exam(self, seed: int, **wishes: Any) -> str:
        """Sets a paper that leaves out what was seen so far, as `practice.paper.new_paper` is asked; the exam's id."""
        from assistant408.practice.paper import new_paper

        services = self.services
        seen = set(self.attempts.latest())
        seen |= {item["question"]["id"] for row in self.exams.all() for item in row.paper["items"]}
        return self.exams.create(new_paper(services.questions.values(), services.syllabus, seed, seen=seen, **wishes))

    def exam_report(self, id: str) -> dict[str, Any]:
        """The report of a closed exam, beside the ones closed before it."""
        from assistant408.practice.exam_report import report

        row = self.exams.row(id)
        marks = self.exams.marks(id)
        before = [r for r in self.exams.all() if r.state == "closed" and str(r.closed_at) < str(row.closed_at)]
        before.sort(key=lambda r: str(r.closed_at), reverse=True)
        earlier = [(r, self.exams.marks(r.id)) for r in before[:10]]
        return report(row, marks, self.services.syllabus, self.exams.overrides(id), earlier)


def _mb(size: int) -> str:
    return f"{size / (1 << 20):.1f}"
