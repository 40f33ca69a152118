#!/bin/sh
# Runs npm in the pages' folder with the same node that built them.
set -eu
. tools/common.sh

find_node
cd handoff_bridge/web
npm --loglevel=error "$@"
