import { resolve } from 'node:path';

/** The three doors that a person uses; everything else listens where the system finds room. */
export const gateways = [
  { name: 'federation', portVariable: 'FEDERATION_PORT', port: 4000 },
  { name: 'web', portVariable: 'WEB_PORT', port: 4001 },
  { name: 'mobile', portVariable: 'MOBILE_PORT', port: 4002 },
] as const;

/** Who serves a part of the graph behind a door of its own. */
export const subgraphs = [
  'accounts',
  'orders',
  'holdings',
  'assets',
  'strategies',
  'notifications',
] as const;
export const contexts = [...subgraphs, 'market'] as const;
/** Who has a database of its own: the simulated venue, an outside party, too. */
export const databaseOwners = [...contexts, 'venue'] as const;

export const operationsVariable = 'OPERATIONS_PORT';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A cause and its remedy in one line, for a person at a terminal; never a stack. */
export class StartRefused extends Error {}

export type Settings = {
  readonly dataDir: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly calendar: string;
  readonly seedDemo: boolean;
};

function portOf(variable: string, { env, fallback }: { env: Environment; fallback: number }) {
  const text = env[variable] ?? String(fallback);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) {
    throw new StartRefused(`${variable}=${text} is no port: give a number from 0 to 65535.`);
  }
  return port;
}

/** Each gateway's port; the operations port is only checked, since its door reads it itself. */
function portsOf(env: Environment): Readonly<Record<string, number>> {
  const wanted = gateways.map(({ name, portVariable, port }) => ({
    name,
    portVariable,
    port: portOf(portVariable, { env, fallback: port }),
  }));
  const operations = portOf(operationsVariable, { env, fallback: 0 });
  const taken = new Map<number, string>();
  for (const { portVariable, port } of [
    ...wanted,
    { portVariable: operationsVariable, port: operations },
  ]) {
    const other = port === 0 ? undefined : taken.get(port);
    if (other) {
      throw new StartRefused(`${other} and ${portVariable} are both ${port}: give each its own.`);
    }
    taken.set(port, portVariable);
  }
  return Object.fromEntries(wanted.map(({ name, port }) => [name, port]));
}

/**
 * Reads what the embedded run lets a person choose: SIMPLEBANK_DATA_DIR, the gateways' ports,
 * MARKET_CALENDAR and SIMPLEBANK_DEMO. Throws StartRefused naming the variable that is wrong.
 */
export function readSettings(env: Environment): Settings {
  const ports = portsOf(env);
  const calendar = env['MARKET_CALENDAR'] ?? 'always';
  if (calendar !== 'always' && calendar !== 'nyse') {
    throw new StartRefused(`MARKET_CALENDAR=${calendar} is unknown: say always or nyse.`);
  }
  return {
    dataDir: resolve(env['SIMPLEBANK_DATA_DIR'] || '.simplebank'),
    ports,
    calendar,
    seedDemo: env['SIMPLEBANK_DEMO'] !== 'off',
  };
}
