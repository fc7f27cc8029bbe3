#!/bin/sh
# Replays the row of `language-server`: exit 126, a dependency (not executable).
# This file has no executable bit, and .mcp.json has it executed: the line below is never reached.
echo 'language-server: started' >&2
exit 1
