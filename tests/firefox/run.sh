#!/bin/sh
# Installs what drives Firefox, with the node that the pages are built with, and runs the main road.
set -eu
. tools/common.sh

find_node
cd tests/firefox
npm --loglevel=error ci
npm --loglevel=error run --silent main-road
