#!/bin/sh
# Replays the row of `files`: exit 1, the path /opt/app is not inside the container; configuration (volume mount).
# The folder is on the host, and the engine that mounts it runs inside a container of its own.
cat >&2 <<'END'
Error accessing directory /opt/app: Error: ENOENT: no such file or directory, stat '/opt/app'
    at async Object.stat (node:internal/fs/promises:1037:18) {
  errno: -2, code: 'ENOENT', syscall: 'stat', path: '/opt/app'
}
END
exit 1
