#!/bin/sh
# Any other CI: findings as JUnit and SARIF, and the exit code decides.
#
# BASE  the commit that the change is to be merged into, such as origin/main; empty where all is to be judged
set -eu

set -- --output junit=trueup.xml --output sarif=trueup.sarif
if [ -n "${BASE:-}" ]; then
	# What the change brings is judged and not obeyed.
	set -- "$@" --config-from "$BASE" --only-new "$BASE" --no-exec
fi

status=0
trueup check "$@" || status=$?
case $status in
0) ;;
1) echo 'the documents are not true' >&2 ;;
3) echo 'something could not be measured' >&2 ;;
*) echo "trueup ended with $status" >&2 ;;
esac
exit "$status"
