#!/bin/sh
# Replays the row of `http`: exit 1; configuration (port binding).
# It is configured for the host's network, where the port is taken.
cat >&2 <<'END'
Error: listen EADDRINUSE: address already in use 0.0.0.0:3000
    errno: -98, code: 'EADDRINUSE', syscall: 'listen', address: '0.0.0.0', port: 3000
END
exit 1
