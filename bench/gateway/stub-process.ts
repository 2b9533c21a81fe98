import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildASTSchema, graphql, parse } from 'graphql';
import { rootOf, type Subgraph, typeDefs } from './shop.ts';

/** Questions whose answers are remembered: a subgraph must never be what is measured. */
const rememberedMax = 1_000;

const name = process.argv[2] as Subgraph;
const entityTypes = [...typeDefs[name].matchAll(/type (\w+) @key/g)].map(([, type]) => type);
const machinery = `
  scalar _Any
  union _Entity = ${entityTypes.join(' | ')}
  ${typeDefs[name].includes('type Query') ? 'extend type Query' : 'type Query'} {
    _entities(representations: [_Any!]!): [_Entity]!
  }`;
const schema = buildASTSchema(parse(typeDefs[name] + machinery), {
  assumeValid: true,
  assumeValidSDL: true,
});
const rootValue = rootOf(name);
const remembered = new Map<string, Buffer>();

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function answerTo(body: string): Promise<Buffer> {
  const { query, variables } = JSON.parse(body);
  const result = await graphql({ schema, source: query, rootValue, variableValues: variables });
  const answer = Buffer.from(JSON.stringify(result));
  if (remembered.size < rememberedMax) remembered.set(body, answer);
  return answer;
}

const server = createServer((request, response) => {
  bodyOf(request)
    .then((body) => remembered.get(body) ?? answerTo(body))
    .then(
      (answer) => {
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': answer.length,
        });
        response.end(answer);
      },
      () => response.writeHead(400).end(),
    );
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit(0));
