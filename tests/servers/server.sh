# A small MCP server for the tests: `sh server.sh MODE`. Without builtins forking: starting one costs a shell, and no more.

tools='{"tools":[{"name":"search","inputSchema":{"type":"object"}},{"name":"read","inputSchema":{"type":"object"}}]}'
version=2025-11-25
capabilities='{"tools":{}}'

reply() { printf '{"jsonrpc":"2.0","id":"%s","result":%s}\n' "$id" "$1"; }
refuse() { printf '{"jsonrpc":"2.0","id":"%s","error":{"code":%s,"message":"%s"}}\n' "$id" "$1" "$2"; }
text() { reply '{"content":[{"type":"text","text":"'"$1"'"}],"isError":'"${2:-false}"'}'; }

on_initialize() {
    reply '{"protocolVersion":"'$version'","capabilities":'"$capabilities"',"serverInfo":{"name":"shell","version":"1.0"}}'
}
on_discover() { refuse -32601 'Method not found'; }
on_initialized() { :; }
on_list() { reply "$tools"; }
on_call() { text '42 results'; }
on_resources() { refuse -32601 'Method not found'; }
on_prompts() { refuse -32601 'Method not found'; }

serve() {
    while IFS= read -r line; do
        rest=${line#*\"id\":\"}
        id=${rest%%\"*}
        case $line in
            *'"method":"initialize"'*) on_initialize ;;
            *'"method":"server/discover"'*) on_discover ;;
            *'"method":"notifications/initialized"'*) on_initialized ;;
            *'"method":"tools/list"'*) on_list ;;
            *'"method":"tools/call"'*) on_call ;;
            *'"method":"resources/list"'*) on_resources ;;
            *'"method":"prompts/list"'*) on_prompts ;;
        esac
    done
}

case $1 in
    sound) ;;

    # What a tolerant client lives with.
    noise) for n in 1 2 3 4 5 6 7; do echo "banner line $n"; done ;;
    json-logs) on_list() { echo '{"level":"info","id":7,"method":"GET","msg":"list"}'; reply "$tools"; echo '{"msg":"x"}'; } ;;
    crlf) reply() { printf '\r\n{"jsonrpc":"2.0","id":"%s","result":%s}\r\n' "$id" "$1"; } ;;
    invalid-utf8) printf 'caf\351 \377\376\n'; on_call() { text "$(printf '42 results in caf\351')"; } ;;
    old) version=2024-11-05 ;;
    pages)
        on_list() {
            case $line in
                *'"cursor":"two"'*) reply '{"tools":[{"name":"b"}],"nextCursor":"three"}' ;;
                *'"cursor":"three"'*) reply '{"tools":[{"name":"search"}]}' ;;
                *) reply '{"tools":[{"name":"a"}],"nextCursor":"two"}' ;;
            esac
        } ;;
    long-line)
        long=$(head -c 300000 /dev/zero | tr '\0' x)
        on_list() { reply '{"tools":[{"name":"search","description":"'"$long"'"}]}'; } ;;
    stderr-flood) head -c 3000000 /dev/zero | tr '\0' e >&2 ;;
    long-noise) head -c 20000000 /dev/zero | tr '\0' x; echo ;;
    asks)
        on_list() {
            echo '{"jsonrpc":"2.0","id":1,"method":"ping"}'
            echo '{"jsonrpc":"2.0","id":"r","method":"roots/list"}'
            list=$id
            IFS= read -r pong
            IFS= read -r roots
            id=$list
            reply "$tools"
        }
        on_call() {
            case "$pong $roots" in
                *'"id":1'*'"result":{}'*'-32601'*'"id":"r"'* | *'"result":{}'*'"code":-32601'*) text '42 results' ;;
                *) text 'wrong replies' true ;;
            esac
        } ;;
    chatty) on_list() { reply "$tools"; head -c 300000 /dev/zero | tr '\0' '\n'; } ;;
    stray) on_initialized() { echo '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"what?"}}'; } ;;
    no-tools) capabilities='{}'; on_list() { refuse -32601 'Method not found'; } ;;
    modern | modern-dies)
        on_initialize() { refuse -32601 'Method not found'; refused=yes; }
        on_discover() {
            if [ "$refused$mode" = yesmodern-dies ]; then echo 'ExpectedInitializeRequest' >&2; exit 1; fi
            reply '{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"shell","version":"2.0"}}}'
        }
        on_list() {
            case $line in
                *'"io.modelcontextprotocol/protocolVersion":"2026-07-28"'*) reply "$tools" ;;
                *) refuse -32602 'no _meta' ;;
            esac
        }
        mode=$1 ;;
    offers | offers-refused)
        on_resources() {
            case $line in
                *'"cursor":"two"'*) reply '{"resources":[{"uri":"c:"}]}' ;;
                *) reply '{"resources":[{"uri":"a:"},{"uri":"b:"}],"nextCursor":"two"}' ;;
            esac
        }
        on_prompts() { reply '{"prompts":[{"name":"p"}]}'; }
        if [ "$1" = offers-refused ]; then on_prompts() { refuse -32603 'no disk'; }; fi ;;
    dies-in-second)
        on_call() { case $line in *'"name":"read"'*) echo 'panic: no page' >&2; exit 2 ;; *) text '42 results' ;; esac; } ;;
    delayed) sleep "$DELAY" ;;
    slow-end) ending='sleep 0.4' ;;

    # What ends before it answers.
    no-stdin) echo 'Shell MCP server running on stdio' >&2; exit 0 ;;
    help) echo 'Usage: shell [command]'; exit 0 ;;
    npm) printf 'npm error code ENOTEMPTY\nnpm error syscall rename\nnpm error path /x/node_modules/y\n' >&2; exit 217 ;;
    import)
        printf 'Traceback (most recent call last):\n  File "s.py", line 2\nModuleNotFoundError: No module named "mcp"\n' >&2
        exit 1 ;;
    token) echo "Error: ${TOKEN_NAME:-SHELL_TOKEN} is required, and $SECRET is not it" >&2; exit 1 ;;
    missing-path) echo "Error: ENOENT: no such file or directory, stat '/opt/app'" >&2; exit 1 ;;
    engine)
        echo 'OCI runtime exec failed: exec failed: unable to start container process: exec: "srv": executable file not found in $PATH: unknown'
        exit 126 ;;
    killed) kill -9 $$ ;;
    dies-listing) on_list() { echo 'fatal: out of luck' >&2; exit 3; } ;;
    leader-leaves) sleep 1000 & echo 'fatal: gave up' >&2; exit 5 ;;
    closes) exec >&-; exec sleep 1000 ;;

    # What never answers, or not in the protocol.
    silent) exec sleep 1000 ;;
    half-line) printf '{"jsonrpc":"2.0",'; exec sleep 1000 ;;
    silent-noise) echo 'still starting'; exec sleep 1000 ;;
    flood) while :; do echo 'a line that is no message, a line that is no message, a line that is no message'; done | head -c 100000000; exec sleep 1000 ;;
    flood-line) head -c 100000000 /dev/zero | tr '\0' x; exec sleep 1000 ;;
    refuses) on_initialize() { refuse -32603 'not today'; } ;;
    unknown-version) version=1999-01-01 ;;
    endless) on_list() { pages=x$pages; reply '{"tools":[{"name":"a"}],"nextCursor":"'"$pages"'"}'; } ;;
    same-page) on_list() { reply '{"tools":[{"name":"a"}],"nextCursor":"again"}'; } ;;
    list-refused) on_list() { refuse -32603 'no database'; } ;;

    # What shakes hands and fails the call.
    call-error) on_call() { refuse -32603 'no database'; } ;;
    is-error) on_call() { text 'browser is not installed' true; } ;;
    soft-error) on_call() { text 'Error searching: TypeError: fetch failed'; } ;;
    soft-json) on_call() { text '{\"error\":\"fetch failed\"}'; } ;;
    empty) on_call() { text 'No results were found'; } ;;
    dies-in-call) on_call() { echo 'panic: index out of range' >&2; exit 2; } ;;
    silent-call) on_call() { exec sleep 1000; } ;;

    # What leaves processes behind.
    stubborn)
        trap '' TERM
        (trap '' TERM; while :; do sleep 1; done) &
        trap '' TERM
        ending='while :; do sleep 1; done' ;;
    escapes) setsid sh -c 'trap "" TERM HUP; while :; do sleep 1; done' </dev/null >/dev/null 2>&1 & ;;
    leaves-child) sleep 1000 & ;;

    *) echo "server.sh: unknown mode $1" >&2; exit 64 ;;
esac

serve
eval "$ending"
