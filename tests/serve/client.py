"""A client of the official Python library: asks a server what standard input says, and writes what it was answered.

Standard input: {"server": {"command", "args", "cwd"} or {"url"}, "asks": [{"tool", "arguments"} | {"resource"} | {"list"}]}
"""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client


async def ask(client, one):
    try:
        if "tool" in one:
            # The library holds what comes back against the tool's output schema.
            result = await client.call_tool(one["tool"], one.get("arguments", {}))
            texts = [content.text for content in result.content]
            return {"error": bool(result.is_error), "text": "\n".join(texts), "data": result.structured_content}
        if "resource" in one:
            result = await client.read_resource(one["resource"])
            return {"text": result.contents[0].text, "type": result.contents[0].mime_type}
        tools = (await client.list_tools()).tools
        resources = (await client.list_resources()).resources
        return {
            "tools": [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools],
            "resources": [str(resource.uri) for resource in resources],
        }
    except Exception as error:  # what a server refuses is an answer here
        return {"refused": str(error)}


async def main():
    order = json.load(sys.stdin)
    server = order["server"]
    if "url" in server:
        target = server["url"]
    else:
        target = stdio_client(StdioServerParameters(**server))
    answers = []
    async with Client(target) as client:
        about = {"server": client.server_info.name, "protocol": client.protocol_version}
        for one in order["asks"]:
            answers.append(await ask(client, one))
    json.dump({"about": about, "answers": answers}, sys.stdout)


asyncio.run(asyncio.wait_for(main(), 60))
