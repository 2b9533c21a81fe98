import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fleet, Instance } from '../../tools/distributed/fleet.ts';

export type FleetControl = { readonly url: string; readonly close: () => Promise<void> };

type Asked = { readonly search: URLSearchParams; readonly body: Readonly<Record<string, string>> };
type Command = (fleet: Fleet, asked: Asked) => Promise<object>;

/** What a test may know of an instance. */
export type InstanceState = Pick<
  Instance,
  'name' | 'index' | 'pid' | 'running' | 'url' | 'operationsUrl'
>;

const stateOf = (instance: Instance): InstanceState => {
  const { name, index, pid, running, url, operationsUrl } = instance;
  return { name, index, pid, running, url, operationsUrl };
};

/** Those of a name, or the one with this number. */
function chosen(fleet: Fleet, { search }: Asked): readonly Instance[] {
  const [name, index] = [search.get('name'), search.get('index')];
  const found = fleet.instances.filter(
    (each) => each.name === name && (index === null || String(each.index) === index),
  );
  if (found.length === 0) throw new Error(`there is no ${name} ${index ?? ''}`);
  return found;
}

const commands: Readonly<Record<string, Command>> = {
  '/lines': async (fleet, { search }) => {
    const lines = fleet.lines();
    const from = search.get('from') === 'now' ? lines.length : Number(search.get('from'));
    return { next: lines.length, lines: lines.slice(from) };
  },
  '/instances': async (fleet, asked) => chosen(fleet, asked).map(stateOf),
  '/start': async (fleet, { search, body }) =>
    stateOf(await fleet.start(search.get('name') ?? '', body)),
  '/kill': async (fleet, asked) => Promise.all(chosen(fleet, asked).map((each) => each.kill())),
  '/stop': async (fleet, asked) => Promise.all(chosen(fleet, asked).map((each) => each.stop())),
  '/restart': async (fleet, asked) =>
    Promise.all(chosen(fleet, asked).map((each) => each.restart())),
};

async function bodyOf(request: IncomingMessage): Promise<Asked['body']> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text || '{}');
}

async function obey(fleet: Fleet, request: IncomingMessage, answer: ServerResponse) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
  try {
    const command = commands[pathname];
    if (!command) throw new Error(`there is no command ${pathname}`);
    const body = await bodyOf(request);
    answer.end(JSON.stringify(await command(fleet, { search: searchParams, body })));
  } catch (error) {
    answer.statusCode = 500;
    answer.end(error instanceof Error ? error.message : String(error));
  }
}

/** Lets the files of a test run, which run elsewhere, read a fleet's log and stop its processes. */
export async function openFleetControl(fleet: Fleet): Promise<FleetControl> {
  const server = createServer((request, answer) => void obey(fleet, request, answer));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
