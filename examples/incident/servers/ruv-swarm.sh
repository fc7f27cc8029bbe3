#!/bin/sh
# Replays the row of `ruv-swarm`: exit 0, marked unhealthy; a clean exit.
# It prints its help in place of serving: its command lacks the subcommand.
cat >&2 <<'END'
ruv-swarm: no subcommand given
usage: ruv-swarm <init|spawn|mcp start|status>
END
exit 0
