"""What the passages don't say, and what isn't asked here: the tutor says that it doesn't know (拒答)."""

from __future__ import annotations

from collections.abc import Iterator

from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Material, answer_units
from assistant408.training.sources.concept import passages

# nothing of these is in a computer-science paper, whatever the year
_OFF = (
    "今天晚上吃什么好？", "明天北京会下雨吗？", "推荐一部好看的电影。", "帮我写一首情诗。", "我的快递到哪里了？",
    "怎么做红烧肉？", "附近哪家医院好？", "股票现在能买吗？", "这支球队昨天赢了吗？", "帮我订一张去上海的机票。",
    "感冒了吃什么药？", "怎么给猫剪指甲？", "今年的考研国家线会是多少？", "我能考上清华吗？", "帮我查一下银行卡余额。",
    "怎样减肥最快？", "讲一个鬼故事。", "现在的汇率是多少？", "这个字怎么读：彧？", "你觉得哪个明星最好看？",
    "帮我把这段话翻译成法语。", "唐朝有多少位皇帝？", "怎么修漏水的水龙头？", "光合作用的反应式是什么？", "牛顿第二定律怎么推导？",
    "考研政治怎么复习？", "英语作文模板发我一份。", "高等数学的中值定理怎么证？", "租房合同要注意什么？", "怎么申请助学贷款？",
)  # fmt: skip
PER_SUBJECT = 90


def conversations(material: Material) -> Iterator[Conversation]:
    """Questions over passages of another subject, and questions about nothing of ours."""
    by_subject: dict[str, list[str]] = {}
    for leaf in material.sections:
        by_subject.setdefault(leaf.split(".")[0], []).append(leaf)
    for subject, leaves in by_subject.items():
        asked = [(leaf, i) for leaf in leaves for i in range(len(material.asked.get(leaf, ())))]
        others = [x for s, xs in by_subject.items() if s != subject for x in xs]
        rng = material.rng("refusal", subject)
        for leaf, i in rng.sample(asked, min(PER_SUBJECT, len(asked))) if others else ():
            question = material.asked[leaf][i]
            section = material.sections[rng.choice(others)]
            request = material.grounded(passages([(section, answer_units(question, section, 180))]), question)
            yield Conversation(f"refusal/{leaf}/{i}", "refusal", [*request, Message("assistant", material.refusal)])
    for i, question in enumerate(_OFF):
        yield Conversation(
            f"refusal/off/{i}", "refusal", [Message("user", question), Message("assistant", material.refusal)]
        )
