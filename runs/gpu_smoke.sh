#!/usr/bin/env bash
# QLoRA and AWQ on a GPU machine, some ten minutes: ten updates of Qwen2.5-7B in NF4, merge, AWQ, an answer from LMDeploy.
# Not run by the project's own checks, which have no GPU.
#
#   MODEL   a Hugging Face folder or name, default Qwen/Qwen2.5-7B-Instruct
#   OUT     default artifacts/gpu-smoke
set -euo pipefail
cd "$(dirname "$0")/.."

MODEL=${MODEL:-Qwen/Qwen2.5-7B-Instruct}
OUT=${OUT:-artifacts/gpu-smoke}
ENVS=${ENVS:-artifacts/env-train}
mkdir -p "$OUT"
command -v nvidia-smi > /dev/null || { echo "没有找到 NVIDIA 显卡（nvidia-smi），请在 GPU 机器上运行。" >&2; exit 2; }

if [ ! -x "$ENVS/bin/a408" ]; then
  python3 -m venv "$ENVS"
  "$ENVS/bin/pip" install -q torch
  "$ENVS/bin/pip" install -q -e '.[train]'
fi
sed -e "s|^model = .*|model = \"$MODEL\"|" -e 's/^epochs = .*/max_steps = 10/' -e 's/^save_steps = .*/save_steps = 5/' \
  -e 's/^eval_steps = .*/eval_steps = 5/' -e 's/^every = .*/every = 5/' configs/qwen2.5-7b-qlora.toml > "$OUT/smoke.toml"

[ -f "$OUT/data/card.json" ] || "$ENVS/bin/a408" train data --out "$OUT/data"
"$ENVS/bin/a408" train sft --config "$OUT/smoke.toml" --data "$OUT/data" --out "$OUT/sft" --preflight
"$ENVS/bin/a408" train sft --config "$OUT/smoke.toml" --data "$OUT/data" --out "$OUT/sft"
"$ENVS/bin/a408" train merge --adapter "$OUT/sft/adapter" --out "$OUT/merged" --bf16

if [ ! -x "$ENVS-lmdeploy/bin/lmdeploy" ]; then
  python3 -m venv "$ENVS-lmdeploy"
  "$ENVS-lmdeploy/bin/pip" install -q lmdeploy
fi
"$ENVS/bin/a408" train quantize awq "$OUT/merged" --data "$OUT/data" --out "$OUT/awq" --quantizer lmdeploy \
  --python "$ENVS-lmdeploy/bin/python"

"$ENVS-lmdeploy/bin/lmdeploy" serve api_server "$OUT/awq" --model-format awq --server-port 23333 --model-name smoke &
SERVER=$!
trap 'kill $SERVER' EXIT
until curl -fs http://127.0.0.1:23333/v1/models > /dev/null; do sleep 2; kill -0 $SERVER; done
A408_BASE_URL=http://127.0.0.1:23333/v1 "$ENVS/bin/a408" ask "死锁的四个必要条件是什么？" --json
A408_BASE_URL=http://127.0.0.1:23333/v1 "$ENVS/bin/a408" train gate --stage "merged=$OUT/merged" --stage awq=openai:smoke \
  --task 408-bench --limit 100 --run "$OUT/sft" --data "$OUT/data" --out "$OUT/gate"
