import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { keepFor } from './kept.ts';

/**
 * Stands between the contexts and PostgreSQL: one statement at a time, in the order of asking; each
 * is noted; the virtual time goes with it; and a process can be made to crash at any of them.
 */

/** The crash of a process: just before a statement leaves, or before its answer has come. */
export type Crash = { readonly statement: number; readonly when: 'BEFORE' | 'AFTER' };

export type Wire = {
  /** From now on statements are counted, and the process crashes at the one that is named. */
  readonly arm: (crash: Crash | null) => void;
  readonly crashed: () => boolean;
  /** It crashed when the server had committed and the answer was on its way. */
  readonly committed: () => boolean;
  /** Statements since it was armed. */
  readonly count: () => number;
  /** What the server does when the connections of a dead process are gone: it rolls back. */
  readonly revive: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type WireOptions = {
  /** As the context's own role. */
  readonly url: string;
  readonly now: () => Date;
  readonly note: (line: string) => void;
  /** Hears what came through. */
  readonly passed: (text: string, rows: number) => void;
};

type Client = pg.Client & {
  readonly user: string;
  readonly database: string;
  simulatedNow?: string;
};
type Answer = { readonly rowCount: number | null; readonly rows: readonly unknown[] };
type Send = () => Promise<Answer>;
type Gate = {
  readonly run: (client: Client, statement: Statement, send: Send) => Promise<Answer>;
};
type Statement = { readonly text: string; readonly values: readonly unknown[] };

const gates = new Map<string, Gate>();
const keyOf = ({ user, database }: { user: string; database: string }) => `${user}/${database}`;

function keyOfUrl(text: string): string {
  const { username, pathname } = new URL(text);
  return keyOf({ user: decodeURIComponent(username), database: pathname.slice(1) });
}

/** What a process sees of a connection whose other end is gone. */
function connectionLost(): Error {
  const fields = { code: 'ECONNRESET', errno: -104, syscall: 'read' };
  return Object.assign(new Error('read ECONNRESET'), fields);
}

const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
const connect = pg.Pool.prototype.connect as (...args: unknown[]) => unknown;
const ask = (client: Client, ...args: unknown[]) => query.apply(client, args) as Promise<Answer>;

function statementOf([first, second]: readonly unknown[]): Statement {
  const given = typeof first === 'string' ? { text: first } : (first as Partial<Statement>);
  const values = Array.isArray(second) ? second : (given.values ?? []);
  return { text: given.text ?? '', values };
}

/** Once per process. Connections of nobody's wire are left alone. */
function install(): void {
  pg.Client.prototype.query = function guarded(this: Client, ...args: unknown[]) {
    const gate = gates.get(keyOf(this));
    if (!gate) return query.apply(this, args);
    const last = args.at(-1);
    const callback = typeof last === 'function' ? last : null;
    const given = callback ? args.slice(0, -1) : args;
    const answer = gate.run(this, statementOf(given), () => ask(this, ...given));
    if (!callback) return answer;
    answer.then(
      (result) => callback(null, result),
      (error) => callback(error),
    );
    return undefined;
  } as typeof pg.Client.prototype.query;
  pg.Pool.prototype.connect = function single(this: pg.Pool, ...args: unknown[]) {
    const { connectionString } = this.options;
    if (connectionString && gates.has(keyOfUrl(connectionString))) {
      // One connection, so that the order of statements does not hang on the network.
      this.options.max = 1;
      keepFor(this);
    }
    return connect.apply(this, args);
  } as typeof pg.Pool.prototype.connect;
}

let installed = false;

export function openWire(options: WireOptions): Wire {
  if (!installed) install();
  installed = true;
  const key = keyOfUrl(options.url);
  const state: State = { crash: null, dead: false, committed: false, count: 0 };
  const clients = new Set<Client>();
  let last: Promise<unknown> = Promise.resolve();
  const gate: Gate = {
    run(client, statement, send) {
      clients.add(client);
      const next = last.then(() => pass({ ...options, state }, { client, statement, send }));
      last = next.catch(() => {});
      return next;
    },
  };
  gates.set(key, gate);
  return {
    arm(crash) {
      Object.assign(state, { crash, committed: false, count: 0 });
    },
    crashed: () => state.dead,
    committed: () => state.committed,
    count: () => state.count,
    async revive() {
      await last;
      for (const client of clients) await ask(client, 'ROLLBACK').catch(() => {});
      clients.clear();
      Object.assign(state, { crash: null, dead: false, count: 0 });
    },
    async close() {
      await last;
      gates.delete(key);
    },
  };
}

type State = { crash: Crash | null; dead: boolean; committed: boolean; count: number };
type Passing = WireOptions & { readonly state: State };
type Passenger = { readonly client: Client; readonly statement: Statement; readonly send: Send };

async function pass(passing: Passing, passenger: Passenger): Promise<Answer> {
  const { state, note, now } = passing;
  const { client, statement, send } = passenger;
  if (state.dead) throw connectionLost();
  await tellTime(client, now().toISOString());
  state.count += 1;
  const { crash, count } = state;
  const falls = crash?.statement === count ? crash.when : null;
  if (falls) note(`  crash ${falls} ${labelOf(statement)}`);
  if (falls === 'BEFORE') {
    state.dead = true;
    throw connectionLost();
  }
  const settled = byServerCount.test(statement.text) ? () => untilSettled(send) : send;
  const answer = await noted({ note, statement }, settled);
  passing.passed(statement.text, answer.rowCount ?? 0);
  if (falls === 'AFTER') {
    state.dead = true;
    state.committed = statement.text === 'COMMIT';
    throw connectionLost();
  }
  return answer;
}

async function tellTime(client: Client, now: string): Promise<void> {
  if (client.simulatedNow === now) return;
  await ask(client, `SET simulation.now = '${now}'`);
  client.simulatedNow = now;
}

type Noting = { readonly note: (line: string) => void; readonly statement: Statement };

async function noted({ note, statement }: Noting, send: Send): Promise<Answer> {
  const line = `  ${labelOf(statement)} ${digestOf(statement)}`;
  try {
    const answer = await send();
    note(`${line} ${answer.rowCount ?? '-'}`);
    return answer;
  } catch (error) {
    note(`${line} ${error instanceof Error ? error.message : 'failed'}`);
    throw error;
  }
}

const labelMax = 60;

const labelOf = ({ text }: Statement): string =>
  /\/\*\s*([\w. -]+?)\s*\*\//.exec(text)?.[1] ??
  text.replace(/\s+/g, ' ').trim().slice(0, labelMax);

/** Salts and ciphers are random by purpose and decide nothing. */
const isSecret = (value: unknown): boolean =>
  (typeof value === 'object' && value !== null && Reflect.get(value, 'type') === 'Buffer') ||
  value instanceof Uint8Array ||
  (typeof value === 'string' && value.startsWith('scrypt$'));

const digestChars = 8;

/** Asks by the number of a transaction, which the server counts on from run to run. */
const byServerCount = /ledger\.is-settled-up/;

const askAgainMs = 10;
const askAgainMax = 1_000;

/** Transactions of the server's other databases count, too: their time is not the seed's. */
async function untilSettled(send: Send): Promise<Answer> {
  for (let times = 1; ; times += 1) {
    const answer = await send();
    if (times === askAgainMax || /true|"t"/.test(JSON.stringify(answer.rows))) return answer;
    await pause(askAgainMs);
  }
}

function digestOf({ text, values }: Statement): string {
  const told = byServerCount.test(text) ? [] : values;
  const known = JSON.stringify(told, (_, value) => (isSecret(value) ? '-' : value));
  return createHash('sha256').update(text).update(known).digest('hex').slice(0, digestChars);
}
