import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createOutbound } from '@simplebank/chassis/outbound';

const keys = { VENUE_KEY: 'key-of-a-participant', VENUE_CONTROL_KEY: 'key-of-the-testers' };
const main = new URL('../../venue/src/main.ts', import.meta.url).pathname;
const readyWithinMs = 120_000;

/** A port that nobody had a moment ago: the venue has to come back where it was. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

export type VenueProcess = {
  /** What a market reads to trade there. */
  readonly marketEnv: Readonly<Record<string, string>>;
  readonly start: () => Promise<void>;
  /** SIGKILL: no goodbye. */
  readonly kill: () => Promise<void>;
  readonly control: (path: string, body: object) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** The simulated venue as a process of its own, at the same address each time it starts. */
export async function aVenueProcess(databaseUrl: string): Promise<VenueProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const outbound = createOutbound({
    service: 'test',
    dependency: 'venue control',
    breaking: false,
  });
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const own = { VENUE_DATABASE_URL: databaseUrl, VENUE_CALENDAR: 'always' };
    const env = { ...process.env, ...keys, ...own, VENUE_PORT: String(port) };
    const started = spawn(process.execPath, ['--import', 'tsx', main], {
      ...{ env, stdio: ['ignore', 'pipe', 'inherit'] },
    });
    child = started;
    const late = AbortSignal.timeout(readyWithinMs);
    for (let said = ''; !said.includes('venue is ready'); ) {
      const [chunk] = await once(started.stdout ?? started, 'data', { signal: late });
      said += String(chunk);
    }
    started.stdout?.resume();
  }
  async function kill(): Promise<void> {
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    child = null;
  }
  return {
    marketEnv: { MARKET_VENUE_URL: url, MARKET_VENUE_KEY: keys.VENUE_KEY },
    start,
    kill,
    async control(path, body) {
      const authorization = `Bearer ${keys.VENUE_CONTROL_KEY}`;
      const headers = { 'content-type': 'application/json', authorization };
      const call = { url: `${url}/control/${path}`, method: 'POST', headers } as const;
      const { status } = await outbound.send({ ...call, body: JSON.stringify(body) });
      if (status !== 200) throw new Error(`control answered ${status}`);
    },
    async close() {
      await kill();
      await outbound.close();
    },
  };
}
