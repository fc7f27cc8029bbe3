#!/bin/sh
# Replays the row of `extended-memory`: exit 127, a dependency (command not found).
# The virtual environment was never made in the image.
PATH=./.venv/bin
extended-memory-mcp
