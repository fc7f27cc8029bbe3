#!/bin/sh
# Replays the row of `task-runner`: exit 1; configuration (workspace access).
# The workspace is mounted for another user.
cat >&2 <<'END'
Error: EACCES: permission denied, open '/workspace/tasks.json'
    errno: -13, code: 'EACCES', syscall: 'open', path: '/workspace/tasks.json'
END
exit 1
