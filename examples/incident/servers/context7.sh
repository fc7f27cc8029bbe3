#!/bin/sh
# Replays the row of `context7`: exit 0, no valid context; a clean exit.
# It is started without the context that it should serve.
cat >&2 <<'END'
context7: no valid context found
context7: shutting down
END
exit 0
