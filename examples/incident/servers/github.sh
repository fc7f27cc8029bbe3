#!/bin/sh
# Replays the row of `github`: exit 0, no credentials; a clean exit.
# It asks for a token, gets none, and leaves without an error.
cat >&2 <<'END'
github: GITHUB_PERSONAL_ACCESS_TOKEN is not set, no credentials
github: server stopped
END
exit 0
