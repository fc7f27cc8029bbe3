#!/bin/sh
# Replays the row of `ultimatecoder`: exit 127, a dependency (command not found).
# The virtual environment was never made in the image.
PATH=./.venv/bin
ultimate-coder
