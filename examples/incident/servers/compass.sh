#!/bin/sh
# Replays the row of `compass`: exit 0, configuration incomplete; a clean exit.
# It looks for its settings, finds some missing, and leaves without an error.
cat >&2 <<'END'
compass: configuration incomplete: `index` and `embedding_model` are not set
compass: nothing to serve, shutting down
END
exit 0
