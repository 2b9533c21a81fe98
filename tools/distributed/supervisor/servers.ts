import { join } from 'node:path';
import { Client } from 'pg';
import type { ClosingStack } from '../../embedded/closing.ts';
import type { Progress } from '../../embedded/progress.ts';
import { type Environment, StartRefused } from '../../embedded/settings.ts';
import { wordsOf } from '../../postgres/problem.ts';
import { startPostgres } from '../../postgres/server.ts';
import { askRedis } from '../redis-keys.ts';

const connectWithinMs = 5_000;
const foundPostgres = 'postgresql://postgres@127.0.0.1:5432/postgres';
const foundRedis = 'redis://127.0.0.1:6379';

export type Servers = { readonly adminUrl: string; readonly redisUrl: string };

export type Wish = {
  readonly env: Environment;
  readonly dataDir: string;
  /** Starts the PostgreSQL that came with npm instead of looking for one. */
  readonly ownPostgres: boolean;
  readonly progress: Progress;
  readonly closing: ClosingStack;
};

async function whyNotPostgres(connectionString: string): Promise<string | null> {
  const client = new Client({ connectionString, connectionTimeoutMillis: connectWithinMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ may: boolean }>(
      'SELECT rolsuper AS may FROM pg_roles WHERE rolname = current_user',
    );
    return rows[0]?.may ? null : 'its user is no superuser and cannot make databases and roles';
  } catch (error) {
    return wordsOf(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const postgresRemedy =
  'Set SIMPLEBANK_ADMIN_DATABASE_URL=postgresql://<superuser>:<password>@<host>:5432/postgres, ' +
  'or let the bank bring its own: npm run start:distributed -- --own-postgres';

async function findPostgres({ env }: Wish): Promise<string> {
  const given = env['SIMPLEBANK_ADMIN_DATABASE_URL'];
  const url = given || foundPostgres;
  const why = await whyNotPostgres(url);
  if (why === null) return url;
  const what = given
    ? `SIMPLEBANK_ADMIN_DATABASE_URL cannot be used (${why}).`
    : `No PostgreSQL that can be used was found on 127.0.0.1:5432 (${why}).`;
  throw new StartRefused(`${what}\n${postgresRemedy}`);
}

async function openOwnPostgres({ dataDir, progress, closing }: Wish): Promise<string> {
  const { adminUrl } = await progress.step('starting PostgreSQL', () =>
    closing.opening(
      startPostgres({
        dataDir: join(dataDir, 'postgres'),
        say: progress.say,
        settings: { max_connections: '300' },
      }),
      ({ stop }) => stop(),
    ),
  );
  return adminUrl;
}

async function findRedis({ env }: Wish): Promise<string> {
  const given = env['REDIS_URL'];
  const url = given || foundRedis;
  try {
    const answer = await askRedis(url, ['PING']);
    if (answer !== '+PONG') throw new Error(answer);
    return url;
  } catch (error) {
    const what = given
      ? `REDIS_URL cannot be used (${wordsOf(error)}).`
      : `No Redis was found on 127.0.0.1:6379 (${wordsOf(error)}).`;
    throw new StartRefused(
      `${what}\nThe processes of the distributed bank meet in a Redis: start one (redis-server), ` +
        'or set REDIS_URL=redis://:<password>@<host>:6379. Without one, npm start runs the bank ' +
        'in one process.',
    );
  }
}

/** @throws StartRefused that says which server is missing and what to do about it */
export async function openServers(wish: Wish): Promise<Servers> {
  const redisUrl = await findRedis(wish);
  const adminUrl = wish.ownPostgres ? await openOwnPostgres(wish) : await findPostgres(wish);
  return { adminUrl, redisUrl };
}
