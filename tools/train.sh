#!/bin/sh
# Trains the assistant if one of its inputs changed; the model appears whole or not at all.
set -eu
. tools/common.sh

only_one_of_us
wanted=$(hash_of config.yml domain.yml domain data kb translations components authoring \
    requirements.txt)
if [ -f models/assistant.tar.gz ] && [ "$(cat models/assistant.inputs 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi
say "Training the assistant"
# Rasa writes the archive in place: a second copy must not load half of it.
rm -rf models/new
PYTHONWARNINGS=${PYTHONWARNINGS-ignore::DeprecationWarning} \
    RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=2 \
    .venv/bin/python -m rasa train --out models/new --fixed-model-name assistant
mv models/new/assistant.tar.gz models/assistant.tar.gz
rmdir models/new
echo "$wanted" >models/assistant.inputs
