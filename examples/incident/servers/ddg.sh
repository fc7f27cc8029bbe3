#!/bin/sh
# Replays the row of `ddg`: exit 1; configuration (API).
# The search API refuses the way it is configured to ask.
cat >&2 <<'END'
ddg: search API answered 403 Forbidden for region 'wt-wt'
ddg: configuration error: SEARCH_ENDPOINT does not accept unauthenticated requests
END
exit 1
