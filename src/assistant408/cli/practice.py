"""``a408 practice``, ``review`` and ``mastery``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant408.cli.common import JsonFlag, SubjectOption, check_subject, open_services, print_json
from assistant408.core.errors import InputError

if TYPE_CHECKING:
    from assistant408.practice.session import Pool
    from assistant408.practice.variants import Variant
    from assistant408.web.study import Study

PoolOption = Annotated[str, typer.Option("--pool", "-p", help="all、new、wrong、due、weak 或 favourites。")]
UnderOption = Annotated[str, typer.Option("--under", "-u", help="只要一个考点之下的（a408 content list）。")]
POOLS = ("all", "new", "wrong", "due", "weak", "favourites")


def open_study() -> Study:
    """This user's practice."""
    from assistant408.web.study import Study

    return Study(open_services().learner)


def check_pool(pool: str) -> Pool:
    """The pool of that name.

    Raises:
        InputError: there is none.
    """
    if pool not in POOLS:
        raise InputError(f"范围 {pool!r} 不存在，应为 {'、'.join(POOLS)} 之一。")
    return pool  # type: ignore[return-value]


def check_under(study: Study, under: str) -> str:
    """The node of that id, or none.

    Raises:
        InputError: there is none of that id.
    """
    if under and under not in study.services.syllabus.nodes:
        raise InputError(f"考点 {under!r} 不存在，用 a408 content list 查看全部。")
    return under


def practice(
    subject: SubjectOption = None,
    under: UnderOption = "",
    pool: PoolOption = "all",
    n: Annotated[int, typer.Option("-n", "--count", min=0, max=1000, help="几题；出同类题时 0 为不停。")] = 10,
    kind: Annotated[str, typer.Option("--kind", help="single、judge、blank 或 big。")] = "",
    seed: Annotated[int | None, typer.Option("--seed", help="固定抽题。")] = None,
    generated: Annotated[bool, typer.Option("--generated", "-g", help="由解题器现出同类题，不限量。")] = False,
    solver: Annotated[str, typer.Option("--solver", help="只出这个解题器的同类题。")] = "",
    difficulty: Annotated[int, typer.Option("--difficulty", min=1, max=5, help="同类题的难度。")] = 3,
    answer: Annotated[str, typer.Option("--answer", metavar="ID=答案", help="不对话，只判一题。")] = "",
    list_: Annotated[bool, typer.Option("--list", help="只列出题目。")] = False,
    json: JsonFlag = False,
) -> None:
    """刷题：一题一答，当场讲每个选项；q、Ctrl-C 随时结束，答过的都已记下。"""
    import random
    import secrets

    check_subject(subject)
    found_pool = check_pool(pool)
    if kind not in ("", "single", "judge", "blank", "big"):
        raise InputError(f"题型 {kind!r} 不存在，应为 single、judge、blank 或 big。")
    study = open_study()
    check_under(study, under)
    if answer:
        _one_answer(study, answer, json)
        return
    rng = random.Random(secrets.randbelow(1 << 31) if seed is None else seed)
    if generated or solver:
        _generated(study, _variants(solver, subject, under, difficulty, rng), n, json)
        return
    from assistant408.practice.session import draw

    found = study.pool(found_pool, subject, under, kind or None)
    drawn = draw(found_pool, found, n or len(found), rng)
    if json:
        print_json({"total": len(found), "questions": [q.public() for q in drawn]})
        return
    if not drawn:
        raise InputError(_empty(pool))
    if list_:
        leaves = study.services.syllabus.leaves
        for q in found:
            typer.echo(
                f"{q.id:<16}{'、'.join(leaves[leaf].name for leaf in q.syllabus)}  {q.stem.splitlines()[0][:40]}"
            )
        return
    from assistant408.cli.quiz import Round

    quiz = Round(study)
    quiz.run(drawn, len(drawn))
    quiz.show_summary()


def _empty(pool: str) -> str:
    say = {
        "wrong": "错题本是空的，先用 a408 practice 做几题。",
        "due": "现在没有到期要复习的题，可以用 a408 review 看今日计划。",
        "weak": "还看不出薄弱考点，先用 a408 practice 做几题。",
        "favourites": "还没有收藏题目，做题时按 f 收藏。",
    }
    return say.get(pool, "这个范围里没有题目，请换一个考点或题型。")


def _one_answer(study: Study, answer: str, json: bool) -> None:
    id, equals, text = answer.partition("=")
    if not equals:
        raise InputError(f"--answer 的值 {answer!r} 应写成 题号=答案，例如 os-memory-0001=A。")
    q = study.find(id.strip())
    verdict = study.mark(q, text, None)
    if json:
        print_json(verdict)
        return
    from assistant408.cli.quiz import show_verdict

    show_verdict(q, verdict, text)


def _variants(solver: str, subject: str | None, under: str, difficulty: int, rng: Any) -> Iterator[Variant]:
    from assistant408.core.registry import all_solvers, get_solver
    from assistant408.practice.variants import make_question

    if solver:
        solvers = [get_solver(solver)]
    else:
        solvers = [
            s
            for s in all_solvers().values()
            if s.generates
            and (subject is None or s.subject == subject)
            and (not under or any(leaf == under or leaf.startswith(under + ".") for leaf in s.syllabus))
        ]
    if not solvers:
        raise InputError("这个范围里没有能出题的解题器，请换一个考点（a408 solve --list 查看全部）。")
    while True:
        yield make_question(rng.choice(solvers), rng, difficulty)


def _generated(study: Study, variants: Iterator[Variant], n: int, json: bool) -> None:
    from itertools import islice

    if json:
        print_json([v.to_json() for v in islice(variants, n or 10)])
        return
    from assistant408.cli.quiz import Round

    quiz = Round(study)
    quiz.run(islice(variants, n) if n else variants, n)
    quiz.show_summary()


def review(
    minutes: Annotated[float, typer.Option("--minutes", min=1, max=600, help="今天有多少分钟。")] = 30,
    exam: Annotated[
        str, typer.Option("--exam", metavar="日期", help="设置考试日期，如 2026-12-20，之后一直有效。")
    ] = "",
    list_: Annotated[bool, typer.Option("--list", help="只看计划，不做题。")] = False,
    json: JsonFlag = False,
) -> None:
    """今日复习：按每分钟能多拿的分数，从到期、错题和新题里排出计划，然后开始做。"""
    study = open_study()
    if exam:
        from assistant408.practice.schedule import parse_exam_date

        study.services.update_settings(exam_date=parse_exam_date(exam).isoformat())
    plan = study.plan_json(minutes)
    if json:
        print_json(plan)
        return
    days, note = plan["horizon"]["days"], plan["horizon"]["note"]
    typer.echo(note or f"离考试还有 {days} 天。")
    if not plan["tasks"]:
        typer.echo("今天没有值得做的题：该复习的都刚做过，明天再来。")
        return
    typer.echo(
        f"今天 {len(plan['tasks'])} 题，约 {plan['minutes']:.0f} 分钟，到考试时预计多得 {plan['gain']:.2f} 分"
        + (f"；到期 {plan['due']} 题，今天排不下 {plan['left_over']} 题。" if plan["left_over"] else "。")
    )
    for n, task in enumerate(plan["tasks"], 1):
        typer.echo(f"{n:>3}. {task['id']:<16}{task['seconds'] / 60:>4.1f} 分钟  +{task['gain']:.3f} 分  {task['why']}")
    if list_:
        return
    from assistant408.cli.quiz import Round

    cards = {c.key: c for c in study.deck.all()}
    quiz = Round(study)
    items = [cards.get(task["id"]) or study.find(task["id"]) for task in plan["tasks"]]
    quiz.run(items, len(items))
    quiz.show_summary()


def mastery(
    subject: SubjectOption = None,
    under: UnderOption = "",
    json: JsonFlag = False,
) -> None:
    """掌握度：每科、每章（--under 看到考点）的估计值与 90% 区间；没做过题的地方只是猜测，会标明。"""
    check_subject(subject)
    study = open_study()
    under = check_under(study, under) or subject or ""
    found = study.mastery_json()
    if under:
        found["nodes"] = [n for n in found["nodes"] if n["id"] == under or n["id"].startswith(under + ".")]
    if json:
        print_json(found)
        return
    total = found["total"]
    typer.echo(f"全卷 {total['marks']} 分　{_bar(total)}")
    if not total["n"]:
        typer.echo("还没有作答记录，以下都是没有依据的起点；先用 a408 practice 做几题。")
    deepest = under.count(".") + 2 if under else 1
    for node in found["nodes"]:
        level = node["id"].count(".")
        if level <= deepest:
            name = "　" * level + node["name"]
            typer.echo(f"{name}{'　' * max(1, 18 - len(name))}{node['marks']:>5.1f} 分  {_bar(node)}")


def _bar(e: dict[str, Any]) -> str:
    if not e["n"]:
        return f"{'░' * 10}  没有数据（{e['low']:.0%}–{e['high']:.0%}）"
    full = round(e["mean"] * 10)
    return f"{'█' * full}{'░' * (10 - full)}  {e['mean']:.0%}（{e['low']:.0%}–{e['high']:.0%}，{e['n']} 次作答）"
