import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bankClient, waitFor } from '../../tools/bank/client.ts';
import { signIn } from '../../tools/bank/customer.ts';
import { openTemporaryFolder } from '../../tools/migrate/shadow.ts';
import { startEmbeddedBank } from '../support/embedded-bank.ts';
import { reconcileEmbedded } from '../support/reconcile.ts';
import { runReadme } from './readme.ts';

let folder = '';
beforeAll(() => {
  folder = openTemporaryFolder('simplebank-start-');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Ended = { readonly code: number | null; readonly lines: readonly string[] };

/** Runs one of our programs to its end; `lines` is what it said on stderr. */
function run(
  script: string,
  env: Readonly<Record<string, string>>,
  watch: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  // The bank of one command needs no Redis; one that happens to run here is not its business.
  const { REDIS_URL, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  watch(child);
  let said = '';
  child.stdout.resume();
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => {
    child.once('close', (code) =>
      resolve({ code, lines: said.split('\n').filter((line) => line.trim() !== '') }),
    );
  });
}

const start = (env: Readonly<Record<string, string>>, watch?: (child: ChildProcess) => void) => {
  const ports = { WEB_PORT: '0', MOBILE_PORT: '0', FEDERATION_PORT: '0' };
  const settings = { ...ports, SIMPLEBANK_DATA_DIR: join(folder, 'refused'), ...env };
  return run('tools/start.ts', settings, watch);
};

function occupy(): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ port: typeof address === 'object' && address ? address.port : 0, server });
    });
  });
}

describe('what a person can mend is told in one line with its cause and remedy', () => {
  test('a taken port', async () => {
    const { port, server } = await occupy();
    const { code, lines } = await start({ WEB_PORT: String(port) });
    server.close();
    expect(code).toBe(1);
    expect(lines).toEqual([
      `Port ${port} of the web gateway is taken: free it, or choose another, ` +
        `for example WEB_PORT=${port + 100} npm start`,
    ]);
  });

  test('a data folder that is a file', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { code, lines } = await start({ SIMPLEBANK_DATA_DIR: file });
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/a-file .*SIMPLEBANK_DATA_DIR/)]);
  });

  test('a variable that makes no sense', async () => {
    expect(await start({ MARKET_CALENDAR: 'sometimes' })).toEqual({
      code: 1,
      lines: ['MARKET_CALENDAR=sometimes is unknown: say always or nyse.'],
    });
    expect(await start({ MOBILE_PORT: '99999' })).toEqual({
      code: 1,
      lines: ['MOBILE_PORT=99999 is no port: give a number from 0 to 65535.'],
    });
  });

  test('ports that cannot be had, before anything is started', async () => {
    expect(await start({ OPERATIONS_PORT: 'abc' })).toEqual({
      code: 1,
      lines: ['OPERATIONS_PORT=abc is no port: give a number from 0 to 65535.'],
    });
    expect(await start({ WEB_PORT: '14321', MOBILE_PORT: '14321' })).toEqual({
      code: 1,
      lines: ['WEB_PORT and MOBILE_PORT are both 14321: give each its own.'],
    });
  });

  test('what only shows once the database runs: address, Redis, keys', async () => {
    const bare = { SIMPLEBANK_DATA_DIR: join(folder, 'late'), SIMPLEBANK_DEMO: 'off' };
    const elsewhere = await start({ ...bare, WEB_HOST: '192.0.2.1' });
    expect(elsewhere).toEqual({
      code: 1,
      lines: [expect.stringMatching(/^192\.0\.2\.1 is no address of this machine; WEB_PORT/)],
    });
    const noRedis = await start({ ...bare, REDIS_URL: 'redis://:secret@127.0.0.1:1' });
    expect(noRedis).toEqual({
      code: 1,
      lines: [expect.stringMatching(/^REDIS_URL cannot be used .* unset REDIS_URL/)],
    });
    expect(noRedis.lines.join()).not.toContain('secret');
    writeFileSync(join(bare.SIMPLEBANK_DATA_DIR, 'keys.json'), '{');
    expect(await start(bare)).toEqual({
      code: 1,
      lines: [expect.stringMatching(/keys\.json cannot be read \(it is damaged\): .*remove it/)],
    });
  }, 120_000);

  test('a story without a bank', async () => {
    const { port, server } = await occupy();
    server.close();
    const { code, lines } = await run('tools/demo.ts', { WEB_PORT: String(port) });
    expect(code).toBe(1);
    expect(lines).toEqual([
      `No bank answers at http://127.0.0.1:${port}: ` +
        'run npm start first, or set WEB_PORT or WEB_URL.',
    ]);
  });
});

describe('the bank of one command', () => {
  const demo = { email: 'ada@example.com', password: 'try-the-demo-bank' };
  /** Long enough that something was written. */
  const intoItsPastMs = 1_500;
  const dozens = 100;
  const candlesText = `{ asset(id: "ZTS") {
    candles(interval: DAY, first: 100) { nodes { __typename } } } }`;
  const statementsText = '{ accounts { statements(first: 100) { nodes { month } } } }';
  const holdingsText = '{ accounts { name currentHoldings { symbol quantity } } }';

  /** Killed when it has begun to write two years of demo data, and has not ended. */
  async function killInItsPast(dataDir: string): Promise<void> {
    await start({ SIMPLEBANK_DATA_DIR: dataDir }, (child) => {
      const look = setInterval(() => {
        if (!existsSync(join(dataDir, 'history-begun'))) return;
        clearInterval(look);
        setTimeout(() => child.kill('SIGKILL'), intoItsPastMs);
      }, 5);
      child.once('exit', () => clearInterval(look));
    });
    expect(existsSync(join(dataDir, 'history-begun'))).toBe(true);
    expect(existsSync(join(dataDir, 'demo-loaded'))).toBe(false);
  }

  test('a first start that is killed in the middle begins anew, whole', async () => {
    const dataDir = join(folder, 'data');
    await killInItsPast(dataDir);
    const bank = await startEmbeddedBank(dataDir);
    expect(bank.output()).toMatch(/beginning anew/);
    expect(bank.output()).not.toMatch(/WARNING/);
    const { report } = await reconcileEmbedded(dataDir);
    expect(report.drift).toEqual([]);
    expect(report.inFlight).toEqual([]);
    expect(report.checked).toMatchObject({ accounts: 4, assets: 503 });
    expect(report.checked.orders).toBeGreaterThan(dozens);
    const ada = await signIn(bankClient(bank.webUrl), demo);
    type Seen = { readonly accounts: readonly { statements: { nodes: readonly object[] } }[] };
    const { accounts } = await ada.ask<Seen>(statementsText);
    expect(accounts.map(({ statements }) => statements.nodes.length)).toEqual([24, 24]);
    expect(bank.output()).toMatch(/written in the background/);
    const untold = join(dataDir, 'history-untold.json');
    await waitFor('the past prices of every company', async () => !existsSync(untold) || null, {
      withinMs: 300_000,
    });
    const years = await ada.ask<{ asset: { candles: { nodes: readonly object[] } } }>(candlesText);
    expect(years.asset.candles.nodes).toHaveLength(100);
    expect(await bank.stop()).toBe(0);
  }, 900_000); // A crowded machine takes many times the minute that a quiet one does.

  test('tells a story to its end, stops on a signal, and finds its data again', async () => {
    const dataDir = join(folder, 'data');
    const first = await startEmbeddedBank(dataDir);
    expect(first.output()).toMatch(/open around the clock/);
    const second = await start({ SIMPLEBANK_DATA_DIR: dataDir });
    expect(second.code).toBe(1);
    expect(second.lines).toEqual([expect.stringMatching(/in use by the bank of process \d+/)]);

    const [accounts, holdings, screen, sale] = runReadme(first.webUrl);
    expect(accounts).toMatchObject({ data: { accounts: [{ number: '1' }, { number: '2' }] } });
    expect(accounts).not.toHaveProperty('errors');
    expect(holdings).toContainEqual(
      expect.objectContaining({ asset: expect.objectContaining({ symbol: 'AAPL' }) }),
    );
    expect(screen).toMatchObject({ customer: { name: expect.any(String) } });
    expect(sale).toMatchObject({ ok: expect.stringMatching(/^sell order .* placed$/) });

    const told = await run('tools/demo.ts', { WEB_URL: first.webUrl.replace('/graphql', '') });
    expect(told).toEqual({ code: 0, lines: [] });
    const before = await (await signIn(bankClient(first.webUrl), demo)).ask(holdingsText);
    expect(await first.stop()).toBe(0);

    const again = await startEmbeddedBank(dataDir);
    expect(again.output()).not.toMatch(/demo bank/);
    const after = await (await signIn(bankClient(again.webUrl), demo)).ask(holdingsText);
    expect(await again.stop()).toBe(0);
    expect(after).toEqual(before);
  }, 900_000); // A crowded machine takes many times the minute that a quiet one does.

  test('stops on Ctrl-C while it still starts, its database too', async () => {
    const dataDir = join(folder, 'interrupted');
    const note = join(dataDir, 'postgres/data/postmaster.pid');
    const starting = start({ SIMPLEBANK_DATA_DIR: dataDir }, (child) => {
      const look = setInterval(() => {
        if (existsSync(note)) child.kill('SIGINT') && clearInterval(look);
      }, 5);
      child.once('exit', () => clearInterval(look));
    });
    expect(await starting).toEqual({ code: 0, lines: [] });
    expect(existsSync(note)).toBe(false);
  }, 120_000);

  test('is cleared by reset, and by nothing that was not asked', async () => {
    const env = { SIMPLEBANK_DATA_DIR: join(folder, 'data') };
    expect((await run('tools/reset.ts', env)).code).toBe(1);
    const asked = spawn(process.execPath, ['--import', 'tsx', 'tools/reset.ts', '--yes'], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
    });
    expect(await new Promise((resolve) => asked.once('close', resolve))).toBe(0);
    const { code, lines } = await run('tools/reset.ts', env);
    expect({ code, lines }).toEqual({ code: 0, lines: [] });
  });
});
