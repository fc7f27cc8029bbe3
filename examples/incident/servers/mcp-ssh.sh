#!/bin/sh
# Replays the row of `mcp-ssh`: exit 1, SSH configuration invalid; configuration.
# One misspelt option in its SSH configuration.
cat >&2 <<'END'
/srv/ssh/config: line 3: Bad configuration option: hostnam
/srv/ssh/config: terminating, 1 bad configuration options
Error: SSH configuration invalid
END
exit 1
