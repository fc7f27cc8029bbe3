#!/bin/sh
# Replays the row of `nx-mcp`: started, health check failing; partially working.
# It shakes hands and lists its tools, and no call succeeds: there is no workspace where it runs. A check that stops at
# the handshake would call it operational.

answer() { # id, the rest of the message
    printf '{"jsonrpc":"2.0","id":%s,%s}\n' "$1" "$2"
}

echo 'nx-mcp: listening on stdio' >&2

while IFS= read -r line; do
    # The id as it was written, with its quotes: requests carry it before their parameters. A notification has none.
    case $line in
    *'"id":'*) id=${line#*'"id":'} id=${id%%[,\}]*} ;;
    *) continue ;;
    esac
    case $line in
    *'"initialize"'*)
        answer "$id" '"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"nx-mcp","version":"0.6.2"}}'
        ;;
    *'"ping"'*)
        answer "$id" '"result":{}'
        ;;
    *'"tools/list"'*)
        schema='"inputSchema":{"type":"object","properties":{}}'
        answer "$id" '"result":{"tools":[{"name":"nx_workspace","description":"The projects of the workspace",'"$schema"'},{"name":"nx_project_details","description":"One project",'"$schema"'},{"name":"nx_docs","description":"Pages of the documentation",'"$schema"'}]}'
        ;;
    *'"tools/call"'*)
        echo 'nx-mcp: nx.json not found' >&2
        answer "$id" '"error":{"code":-32603,"message":"no workspace at /workspace: nx.json not found"}'
        ;;
    *)
        answer "$id" '"error":{"code":-32601,"message":"method not found"}'
        ;;
    esac
done
