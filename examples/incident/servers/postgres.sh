#!/bin/sh
# Replays the row of `postgres`: exit 127, a dependency (command not found).
# The package was never installed: the shell says so.
PATH=./node_modules/.bin
mcp-server-postgres postgresql://127.0.0.1:61024/app
