#!/bin/sh
# Replays the row of `playwright`: exit 1; configuration (browser missing).
# The package is installed, and the browser that it drives is not.
cat >&2 <<'END'
browserType.launch: Executable doesn't exist at /ms-playwright/chromium-1181/chrome-linux/headless_shell
Looks like Playwright was just installed or updated.
Please run the following command to download new browsers: npx playwright install
END
exit 1
