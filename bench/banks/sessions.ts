import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const everyMs = 400;

/** What the sessions of a PostgreSQL did on average over a time, from samples of its own view. */
export type Sessions = {
  /** Connections with a client at the other end. */
  readonly open: number;
  /** Statements being worked on, and those that wait, by what for. */
  readonly working: number;
  readonly waiting: Readonly<Record<string, number>>;
};

type Row = { readonly doing: string; readonly n: number };

const text = `SELECT CASE WHEN state = 'active' THEN coalesce(wait_event_type, 'working')
    ELSE 'at rest' END AS doing, count(*)::int AS n
  FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() GROUP BY 1`;

function summary(samples: readonly (readonly Row[])[]): Sessions {
  const sums: Record<string, number> = {};
  for (const { doing, n } of samples.flat()) sums[doing] = (sums[doing] ?? 0) + n;
  const mean = (doing: string) => (sums[doing] ?? 0) / Math.max(1, samples.length);
  const waits = Object.keys(sums).filter((doing) => doing !== 'working' && doing !== 'at rest');
  return {
    open: Object.keys(sums).reduce((sum, doing) => sum + mean(doing), 0),
    working: mean('working'),
    waiting: Object.fromEntries(waits.map((doing) => [doing, mean(doing)])),
  };
}

/** Looks at the sessions until told to stop. */
export async function watchSessions(connectionString: string): Promise<() => Promise<Sessions>> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  const samples: (readonly Row[])[] = [];
  let goesOn = true;
  const watching = (async () => {
    while (goesOn) {
      samples.push((await client.query<Row>(text)).rows);
      await pause(everyMs);
    }
  })();
  return async () => {
    goesOn = false;
    await watching;
    await client.end();
    return summary(samples);
  };
}
