#!/bin/sh
# Replays the row of `puppeteer`: exit 1; configuration (browser missing).
# The package is installed, and the browser that it drives is not.
cat >&2 <<'END'
Error: Could not find Chrome (ver. 127.0.6533.88). This can occur if either
 1. you did not perform an installation before running the script, or
 2. your cache path is incorrectly configured.
END
exit 1
