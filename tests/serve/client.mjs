// A client of the official TypeScript library: as client.py, run in the folder that has the library.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';

const library = createRequire(process.cwd() + '/');
const load = (name) => import(pathToFileURL(library.resolve(`@modelcontextprotocol/sdk/client/${name}.js`)));
const { Client } = await load('index');
const { StdioClientTransport } = await load('stdio');
const { StreamableHTTPClientTransport } = await load('streamableHttp');

const order = JSON.parse(readFileSync(0, 'utf8'));
const transport = order.server.url
    ? new StreamableHTTPClientTransport(new URL(order.server.url))
    : new StdioClientTransport(order.server);
const client = new Client({ name: 'test', version: '1' });
await client.connect(transport);

async function ask(one) {
    try {
        if (one.tool) {
            const result = await client.callTool({ name: one.tool, arguments: one.arguments ?? {} });
            const text = result.content.map((content) => content.text).join('\n');
            return { error: result.isError ?? false, text, data: result.structuredContent };
        }
        if (one.resource) {
            const { contents } = await client.readResource({ uri: one.resource });
            return { text: contents[0].text, type: contents[0].mimeType };
        }
        const { tools } = await client.listTools();
        const { resources } = await client.listResources();
        return { tools, resources: resources.map((resource) => resource.uri) };
    } catch (error) {
        return { refused: error.message };
    }
}

const answers = [];
for (const one of order.asks) answers.push(await ask(one));
const about = { server: client.getServerVersion().name };
await client.close();
process.stdout.write(JSON.stringify({ about, answers }));
