#!/bin/sh
# Replays the row of `sequential-thinking`: exit 128, a dependency.
# npm passes on git's exit code when a dependency comes from a repository that cannot be read.
cat >&2 <<'END'
npm error code 128
npm error An unknown git error occurred
npm error command git --no-replace-objects ls-remote ssh://git@git.example/tools/sequential-thinking.git
npm error Host key verification failed.
npm error fatal: Could not read from remote repository.
END
exit 128
