#!/bin/sh
# `kunak` in the self-contained archive: its own Node runs it, whatever the system has.
here=$0
if [ -L "$here" ]; then here=$(PATH=/usr/bin:/bin readlink -f -- "$here"); fi
case $here in
  */*) here=${here%/*} ;;
  *) here=. ;;
esac
exec "$here/node/bin/node" "$here/packages/cli/main.ts" "$@"
