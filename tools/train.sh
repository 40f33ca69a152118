#!/bin/sh
# Checks what designers wrote and trains the assistant, if one of its inputs changed; the
# model appears whole or not at all. All that Rasa says goes to models/train.log.
set -eu
. tools/common.sh

only_one_of_us
# A broken brand would keep the bridge from starting.
PYTHONPATH=handoff_bridge handoff_bridge/.venv/bin/python -m handoff_bridge.brand_file >&2 ||
    die "brand.yml has to be put right first (docs/designing.md)."
brand() { cat "${BRAND_FILE:-brand.yml}" 2>/dev/null || true; }
wanted=$(hash_of config.yml domain.yml domain data $(find kb -name "*.md") translations components authoring \
    requirements.txt)-$(brand | grep -E '^(assistant|company):' | git hash-object --stdin)
if [ -f models/assistant.tar.gz ] && [ "$(cat models/assistant.inputs 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi
.venv/bin/python -m authoring.check --errors-only >&2 ||
    die "Nothing was trained: these have to be put right first (docs/designing.md)."

log=models/train.log
mkdir -p models
started=$(date +%s)
seconds() { echo $(($(date +%s) - started)); }

# On a terminal one line that changes, with the part that is being trained.
show_progress() {
    while sleep 1; do
        part=$(sed -n "s/.*Starting to train component '\([A-Za-z]*\)'.*/\1/p" "$log" | tail -n 1)
        printf '\r\033[KTraining the assistant: %s, %s s' "${part:-reading}" "$(seconds)" >&2
    done
}

# Rasa writes the archive in place: a second copy must not load half of it.
rm -rf models/new
say "Training the assistant"
if [ -t 2 ]; then
    show_progress &
    progress=$!
    trap 'kill "$progress" 2>/dev/null; rm -f "$hash_list"' EXIT
    trap 'exit 130' INT TERM
fi
# Rasa's own validation names no file, and ours has just run.
PYTHONWARNINGS=${PYTHONWARNINGS-ignore::DeprecationWarning} \
    RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=2 \
    .venv/bin/python -m rasa train --skip-validation \
    --out models/new --fixed-model-name assistant >"$log" 2>&1 || status=$?
if [ -t 2 ]; then
    kill "$progress" 2>/dev/null || true
    printf '\r\033[K' >&2
fi
if [ "${status:-0}" != 0 ] || [ ! -f models/new/assistant.tar.gz ]; then
    tail -n 25 "$log" >&2
    die "The training failed; the whole story is in $log."
fi
mv models/new/assistant.tar.gz models/assistant.tar.gz
rmdir models/new
echo "$wanted" >models/assistant.inputs
say "Trained in $(seconds) s"
