import pg from 'pg';

/**
 * One connection per database that outlives processes and seeds: to open one, and to have every
 * statement planned anew in it, costs more than most steps do. Whoever takes it finds it as new.
 */

const waiting = new Map<string, pg.Client>();

type Told = (error?: Error) => void;

type Ask = (this: pg.Client, text: string, told: Told) => void;
type End = (this: pg.Client, told?: Told) => Promise<void>;
const { connect } = pg.Client.prototype;
const end = pg.Client.prototype.end as End;
const query = pg.Client.prototype.query as Ask;
/** What a server does when a connection ends. */
const forgetting = 'ROLLBACK; SELECT pg_advisory_unlock_all()';

/** From now on this pool's one connection is the kept one. */
export function keepFor(pool: pg.Pool): void {
  const { connectionString = '' } = pool.options;
  // Pools say `new` to it, and take what it answers.
  function Kept() {
    const kept = waiting.get(connectionString) ?? keepable(connectionString);
    waiting.delete(connectionString);
    return kept;
  }
  Object.assign(pool, { Client: Kept });
}

function keepable(url: string): pg.Client {
  const client = new pg.Client({ connectionString: url });
  let isOpen = false;
  return Object.assign(client, {
    connect(told: Told) {
      if (isOpen) query.call(client, forgetting, told);
      else connect.call(client, told);
      isOpen = true;
    },
    end(told?: Told) {
      client.removeAllListeners('error');
      // A server that goes away closes what nobody uses.
      client.on('error', () => waiting.delete(url));
      if (waiting.has(url)) return end.call(client, told);
      waiting.set(url, client);
      if (told) queueMicrotask(told);
      return Promise.resolve();
    },
  });
}

/** Ends the connection that was kept to this database. */
export async function letGo(url: string): Promise<void> {
  const client = waiting.get(url);
  waiting.delete(url);
  if (client) await end.call(client);
}
