"""What is written down while a run goes on: losses, the evaluation prompts' answers, which checkpoints are whole."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant408.training.config import SftConfig
from assistant408.training.run_folder import Journal, plot_losses, write_json

__all__ = ["COMPLETE", "Monitor", "monitoring"]

COMPLETE = "complete.json"  # written last into a checkpoint; one without it was cut short
_KEPT = ("loss", "eval_loss", "grad_norm", "learning_rate", "epoch", "num_tokens", "mean_token_accuracy")


class Monitor:
    """See the module; `interrupted` is set by whoever wants the run to end after a checkpoint."""

    def __init__(
        self,
        config: SftConfig,
        tokenizer: Any,
        out: Path,
        report: Callable[[int, int], None],
        clock: Callable[[], float],
        evaluates: bool,
    ) -> None:
        self.config, self.tokenizer, self.out, self.report, self.clock = config, tokenizer, out, report, clock
        self.evaluates = evaluates
        self.losses = Journal(out / "loss.jsonl")
        self.answers = Journal(out / "prompts.jsonl")
        self.writes = os.environ.get("RANK", "0") == "0"
        self.answered: set[int] = set()
        self.interrupted = False
        self.began = self.before = 0.0

    def rewind(self, step: int) -> None:
        """Forgets what came after the step that the run goes on from."""
        if self.writes:
            self.losses.rewind(step)
            self.answers.rewind(step)
        self.answered = {r["step"] for r in self.answers.rows()}

    def begin(self, began: float, before: float) -> None:
        """Starts the clock; `before` are the seconds of earlier calls."""
        self.began, self.before = began, before

    @property
    def seconds(self) -> float:
        """Of the run, earlier calls included."""
        return self.before + self.clock() - self.began

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        """A row of losses."""
        row = {k: v for k, v in (logs or {}).items() if k in _KEPT}
        if self.writes and ("loss" in row or "eval_loss" in row):
            self.losses.add({"step": state.global_step, **row, "seconds": round(self.seconds, 1)})

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> Any:
        """The progress, and whether the run ends here: asked to, or out of time."""
        self.report(state.global_step, state.max_steps)
        over = self.config.train.minutes and self.seconds > 60 * self.config.train.minutes
        if self.interrupted or over or state.global_step >= state.max_steps:
            control.should_save = True
            control.should_training_stop = True
            # the last state must stand against the earlier ones, or the best of those would be taken
            control.should_evaluate = control.should_evaluate or (self.evaluates and not self.interrupted)
        return control

    def on_step_begin(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        """The evaluation prompts, before the update after every so many."""
        every = self.config.prompts.every
        if every and state.global_step % every == 0:
            self._answer(model, state.global_step)

    def on_train_end(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        """The evaluation prompts once more."""
        if self.config.prompts.every and not self.interrupted:
            self._answer(model, state.global_step)

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Marks the checkpoint as whole, last of all, and draws the curve."""
        if not self.writes:
            return
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        write_json(folder / COMPLETE, {"step": state.global_step, "seconds": round(self.seconds, 1)})
        plot_losses(self.out / "loss.png", self.losses.rows())

    def _answer(self, model: Any, step: int) -> None:
        """Answers the evaluation prompts greedily, once a step; no random number is drawn."""
        import torch

        if step in self.answered:
            return
        self.answered.add(step)
        training = model.training
        model.eval()
        system = [{"role": "system", "content": self.config.prompts.system}] if self.config.prompts.system else []
        for question in self.config.prompts.ask:
            began = time.perf_counter()
            ids = self.tokenizer.apply_chat_template(
                [*system, {"role": "user", "content": question}],
                add_generation_prompt=True,
                return_tensors="pt",
                return_dict=True,
            ).to(model.device)
            with torch.no_grad():
                made = model.generate(
                    **ids,
                    max_new_tokens=self.config.prompts.max_tokens,
                    do_sample=False,
                    use_cache=True,
                    temperature=None,
                    top_p=None,
                    top_k=None,
                    pad_token_id=self.tokenizer.pad_token_id,
                )
            text = self.tokenizer.decode(made[0, ids["input_ids"].shape[1] :], skip_special_tokens=True)
            seconds = round(time.perf_counter() - began, 1)
            if self.writes:
                self.answers.add({"step": step, "question": question, "answer": text, "seconds": seconds})
        model.train(training)


def monitoring(
    config: SftConfig,
    tokenizer: Any,
    out: Path,
    report: Callable[[int, int], None],
    clock: Callable[[], float],
    evaluates: bool,
) -> Any:
    """The callback of a run into `out`; `evaluates` says whether the run has something to validate with."""
    from transformers import TrainerCallback

    return type("MonitorCallback", (Monitor, TrainerCallback), {})(config, tokenizer, out, report, clock, evaluates)
