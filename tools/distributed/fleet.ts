import { randomBytes } from 'node:crypto';
import { type Keys, makeKeys } from '../embedded/keys.ts';
import { databaseOwners, type Environment } from '../embedded/settings.ts';
import { queueDatabase } from '../migrate/databases.ts';
import { bundleProcesses } from './bundle.ts';
import { type Crew, openCrew } from './crew.ts';
import { type FleetDatabase, openDatabases } from './databases.ts';
import { fleetEnvironment } from './fleet-environment.ts';
import type { Instance, Startable } from './instance.ts';
import { type LineListener, type LogLine, lineKeeper } from './log-lines.ts';
import { deployableOf, processNames } from './processes.ts';
import { forgetPrefix } from './redis-keys.ts';
import { settleAll, startAll, stopAll } from './together.ts';

export type { Instance } from './instance.ts';

export type FleetOptions = {
  /** A superuser's URL of the PostgreSQL server; databases and roles are made there. */
  readonly adminUrl: string;
  readonly redisUrl: string;
  /**
   * Keeps fleets on the same servers apart: small letters, digits and `_`. Before each database's
   * name, and the prefix in Redis. Made up unless told.
   */
  readonly name?: string;
  /** Variables of all processes. */
  readonly env?: Environment;
  /** Variables of one process, by its name; they win over `env`. */
  readonly envOf?: Readonly<Record<string, Environment>>;
  /** How many of each process of ours, or of those named; 1 unless told. */
  readonly copies?: number | Readonly<Record<string, number>>;
  /** Processes that are not started now; `start` starts them at the address that others know. */
  readonly without?: readonly string[];
  /** Behind a round robin even when there is one of it: `all`, or those named. */
  readonly balanced?: 'all' | readonly string[];
  /** Ports that somebody wished for, by process name. */
  readonly ports?: Readonly<Record<string, number>>;
  readonly keys?: Keys;
  /** A file with the keys that sign access tokens, when they may change. */
  readonly tokenKeysFile?: string;
  /** Leaves databases and keys in Redis behind at `close`, for a bank that is kept. */
  readonly keepsData?: boolean;
  /** Hears every line as it is written. */
  readonly onLine?: LineListener;
  /** Keeps no lines for `lines()`: for a bank that runs for days. */
  readonly forgetsLines?: boolean;
  /** How long each process may take to become ready; 180 s unless told. */
  readonly readyWithinMs?: number;
};

export type Fleet = {
  readonly name: string;
  /** The door of each logical process name, through the round robin where there is one. */
  readonly urls: Readonly<Record<string, string>>;
  /** The operations address of each instance that was started, by process name. */
  readonly operations: Readonly<Record<string, readonly string[]>>;
  /** What all processes read, ports aside. */
  readonly env: Environment;
  readonly keys: Keys;
  readonly databases: Readonly<Record<string, FleetDatabase>>;
  /** In the order in which they were started; those that have ended are among them. */
  readonly instances: readonly Instance[];
  /** The first of that name. Throws when there is none. */
  readonly one: (name: string) => Instance;
  /** How many requests a round robin gave to each instance, by its address. */
  readonly given: (name: string) => Readonly<Record<string, number>>;
  /** Starts one more of that name and waits until it is ready. */
  readonly start: (name: string, env?: Environment) => Promise<Instance>;
  /** Every line of every process so far, parsed, in the order in which they were read. */
  readonly lines: () => readonly LogLine[];
  /** Stops everything, whatever hangs by force, and removes what `startFleet` made. */
  readonly close: () => Promise<void>;
};

const readyWithinMsDefault = 180_000;
/** Roles belong to a server, not to a fleet: all of them must know the same passwords. */
const rolePassword = 'only-for-tests';
/** One more than two cores: while one waits for its database another one reads its modules. */
const startedAtOnce = 3;

const freshName = (): string => `fleet_${randomBytes(4).toString('hex')}`;

/** Several instances make no sense of who plays an outside party, unless it is named. */
function copiesIn({ copies = 1, without = [] }: FleetOptions): (name: string) => number {
  return (name) => {
    if (without.includes(name)) return 0;
    if (typeof copies !== 'number') return copies[name] ?? 1;
    return deployableOf(name).outside ? 1 : copies;
  };
}

async function openAddresses(options: FleetOptions, onLine: LineListener): Promise<Crew> {
  const { balanced = [], ports = {}, readyWithinMs = readyWithinMsDefault } = options;
  const copiesOf = copiesIn(options);
  return openCrew({
    copiesOf,
    isBalanced: (name) => balanced === 'all' || balanced.includes(name) || copiesOf(name) > 1,
    portOf: (name) => ports[name],
    programOf: await bundleProcesses(),
    onLine,
    readyWithinMs,
  });
}

function requireKnownNames({ without = [], copies, balanced, envOf = {} }: FleetOptions): void {
  const copied = typeof copies === 'object' ? Object.keys(copies) : [];
  const named = Array.isArray(balanced) ? balanced : [];
  for (const name of [...without, ...copied, ...named, ...Object.keys(envOf)]) deployableOf(name);
}

type Ground = {
  readonly name: string;
  readonly keys: Keys;
  readonly databases: Awaited<ReturnType<typeof openDatabases>>;
  readonly crew: Crew;
  readonly env: Environment;
};

/** Databases, addresses and variables; nothing runs yet. */
async function layGround(options: FleetOptions, onLine: LineListener): Promise<Ground> {
  const { name = freshName(), redisUrl, adminUrl } = options;
  const keys = options.keys ?? (await makeKeys([...databaseOwners, queueDatabase]));
  const passwordOf = (role: string) =>
    (options.keys ? keys.databasePasswords[role] : undefined) ?? rolePassword;
  const prefix = options.name === '' ? '' : `${name}_`;
  const databases = await openDatabases({ adminUrl, prefix, passwordOf });
  try {
    const crew = await openAddresses(options, onLine);
    const env = fleetEnvironment({
      ...{
        keys,
        redisUrl,
        redisPrefix: name || 'simplebank',
        tokenKeysFile: options.tokenKeysFile,
      },
      ...{ env: options.env ?? {}, databases: databases.all },
      ...{ doors: crew.doors, smtpPort: crew.smtpPort, workers: crew.workers },
    });
    return { name, keys, databases, crew, env };
  } catch (error) {
    if (!options.keepsData) await databases.drop();
    throw error;
  }
}

function closerOf(ground: Ground, options: FleetOptions, instances: readonly Startable[]) {
  const { crew, databases, env } = ground;
  const prefix = env['REDIS_PREFIX'] ?? '';
  const clear = async () => {
    if (options.keepsData) return;
    await settleAll([databases.drop(), forgetPrefix(options.redisUrl, prefix)]);
  };
  const close = async () => {
    await stopAll(instances);
    await settleAll([crew.close(), clear()]);
  };
  let closing: Promise<void> | null = null;
  return () => {
    closing ??= close();
    return closing;
  };
}

const operationsOf = (instances: readonly Instance[]) =>
  Object.fromEntries(
    processNames.map((name) => [
      name,
      instances.filter((each) => each.name === name).map(({ operationsUrl }) => operationsUrl),
    ]),
  );

function firstOf(instances: readonly Instance[], name: string): Instance {
  const found = instances.find((each) => each.name === name);
  if (found) return found;
  deployableOf(name);
  throw new Error(`No ${name} was started in this fleet.`);
}

type Running = Pick<Fleet, 'close' | 'lines'> & {
  readonly instances: readonly Startable[];
  readonly enlist: (name: string, env?: Environment) => Promise<Startable>;
};

/** What is told of it is what it is now: instances come and go. */
function fleetOf({ name, keys, databases, crew, env }: Ground, running: Running): Fleet {
  const { instances, enlist, close, lines } = running;
  return {
    ...{ name, urls: crew.doors, env, keys, databases: databases.all, close, lines },
    get operations() {
      return operationsOf(instances);
    },
    get instances() {
      return [...instances];
    },
    one: (wanted) => firstOf(instances, wanted),
    given: (wanted) => crew.balancers[wanted]?.given() ?? {},
    start: async (wanted, more) => {
      const instance = await enlist(wanted, more);
      await crew.release();
      await startAll([instance], 1);
      return instance;
    },
  };
}

/**
 * Runs the bank as operating-system processes of its own on given servers and resolves when all of
 * them are ready. @throws NotReady that says which is not and why; nothing is left behind then
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  requireKnownNames(options);
  const keeper = lineKeeper();
  const ground = await layGround(options, (text, speaker) => {
    if (!options.forgetsLines) keeper.add(text, speaker);
    options.onLine?.(text, speaker);
  });
  const { crew, env } = ground;
  const instances: Startable[] = [];
  const enlist = async (name: string, more: Environment = {}) => {
    const instance = await crew.enlist(name, env, { ...options.envOf?.[name], ...more });
    instances.push(instance);
    return instance;
  };
  const close = closerOf(ground, options, instances);
  try {
    const copiesOf = copiesIn(options);
    for (const name of processNames) {
      for (let left = copiesOf(name); left > 0; left--) await enlist(name);
    }
    await crew.release();
    await startAll(instances, startedAtOnce);
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return fleetOf(ground, { instances, enlist, close, lines: keeper.lines });
}
