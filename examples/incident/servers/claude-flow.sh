#!/bin/sh
# Replays the row of `claude-flow`: exit 217 (npm ENOTEMPTY), a dependency.
# npx installs at start, finds the leftovers of an install that was killed, and ends with errno -39 & 255 = 217.
cat >&2 <<'END'
npm error code ENOTEMPTY
npm error syscall rename
npm error path /srv/npm/_npx/7d1f2a90c4b3e865/node_modules/claude-flow
npm error dest /srv/npm/_npx/7d1f2a90c4b3e865/node_modules/.claude-flow-Xk2vQ9pL
npm error errno -39
npm error ENOTEMPTY: directory not empty, rename '/srv/npm/_npx/7d1f2a90c4b3e865/node_modules/claude-flow' -> '/srv/npm/_npx/7d1f2a90c4b3e865/node_modules/.claude-flow-Xk2vQ9pL'
END
exit 217
