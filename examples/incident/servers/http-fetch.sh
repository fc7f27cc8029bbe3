#!/bin/sh
# Replays the row of `http-fetch`: exit 1; configuration (network).
# Its network has no way out, so the proxy that it is told to use has no name.
cat >&2 <<'END'
TypeError: fetch failed
  [cause]: Error: getaddrinfo EAI_AGAIN proxy.internal
    errno: -3001, code: 'EAI_AGAIN', syscall: 'getaddrinfo', hostname: 'proxy.internal'
END
exit 1
