import type { EventQueues } from '@simplebank/chassis/queue';
import { type Subscriber, subscribers } from '@simplebank/contracts/subscriptions';
import { Client } from 'pg';
import type { Environment } from '../embedded/settings.ts';
import type { Told } from './lines.ts';

type Outbox = {
  /** What a context has published since it was last read, oldest first. */
  readonly read: () => Promise<readonly Told[]>;
  /** True when an event failed here and waits for another attempt. */
  readonly hasParked: () => Promise<boolean>;
  readonly close: () => Promise<void>;
};
export type Outboxes = Readonly<Record<Subscriber, Outbox>>;

/**
 * Nobody else writes in the past, and no transaction is open when an outbox is read, so that what
 * follows the last position is all that is new. A relay would take five statements for this one.
 */
const text = `/* history.read-outbox */
  SELECT position::text, type, body FROM outbox_event
  WHERE position > $1::bigint ORDER BY position`;

export async function openOutboxes(env: Environment): Promise<Outboxes> {
  const opened = subscribers.map(async (context) => [context, await open(context, env)] as const);
  return Object.fromEntries(await Promise.all(opened)) as Outboxes;
}

async function open(context: Subscriber, env: Environment): Promise<Outbox> {
  const connectionString = env[`${context.toUpperCase()}_DATABASE_URL`] ?? '';
  const client = new Client({ connectionString });
  // A connection that is lost fails the next statement; it ends no process.
  client.on('error', () => undefined);
  await client.connect();
  let last = '0';
  return {
    async read() {
      type Row = Told & { readonly position: string };
      const { rows } = await client.query<Row>({ name: 'read', text, values: [last] });
      last = rows.at(-1)?.position ?? last;
      return rows;
    },
    async hasParked() {
      const { rowCount } = await client.query(
        '/* history.parked */ SELECT FROM parked_event LIMIT 1',
      );
      return rowCount !== 0;
    },
    close: () => client.end(),
  };
}

/** For relays that only have to mark: what they send was handed over before. */
export const nowhere: EventQueues = {
  send: async () => {},
  consume: async () => ({ close: async () => {} }),
  close: async () => {},
};
