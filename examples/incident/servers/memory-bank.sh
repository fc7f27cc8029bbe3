#!/bin/sh
# Replays the row of `memory-bank`: exit 127, a dependency (command not found).
# The package was never installed: the shell says so.
PATH=./node_modules/.bin
mcp-server-memory-bank
