import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createSqlClient, type SqlClient } from './sql-client.ts';

export type MessagingDatabase = {
  readonly url: string;
  readonly db: SqlClient;
  /** Another pool on the same database: a second instance of the context. */
  connect(poolMax?: number): SqlClient;
  drop(): Promise<void>;
};

/** A throw-away database with the messaging tables of every context and a table of effects. */
export async function createMessagingDatabase(
  serverUrl: string,
  poolMax?: number,
): Promise<MessagingDatabase> {
  const name = `events_${randomUUID().replaceAll('-', '')}`;
  await atServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  await atServer(url, tables);
  const clients: SqlClient[] = [];
  const connect = (max = poolMax) => {
    const client = createSqlClient(url, max);
    clients.push(client);
    return client;
  };
  const drop = async () => {
    await Promise.all(clients.map((client) => client.close()));
    await atServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { url, db: connect(), connect, drop };
}

async function atServer(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** As in each context's first migration. An effect has no key, so that a second one would show. */
const tables = `
CREATE TABLE outbox_event (
  position bigserial PRIMARY KEY, event_id uuid NOT NULL UNIQUE, type text NOT NULL,
  aggregate_id text NOT NULL, aggregate_version int NOT NULL, body text NOT NULL,
  recorded_at timestamptz(3) NOT NULL DEFAULT now(), published_at timestamptz(3));
CREATE TABLE inbox_event (
  consumer text NOT NULL, event_id uuid NOT NULL,
  handled_at timestamptz(3) NOT NULL DEFAULT now(), PRIMARY KEY (consumer, event_id));
CREATE TABLE parked_event (
  position bigserial PRIMARY KEY, consumer text NOT NULL, event_id uuid NOT NULL,
  type text NOT NULL, aggregate_id text NOT NULL, body text NOT NULL, state text NOT NULL,
  attempts int NOT NULL DEFAULT 0, next_attempt_at timestamptz(3) NOT NULL, error text NOT NULL,
  parked_at timestamptz(3) NOT NULL DEFAULT now(), UNIQUE (consumer, event_id));
CREATE INDEX outbox_event_unpublished ON outbox_event (position) WHERE published_at IS NULL;
CREATE INDEX outbox_event_unpublished_aggregate ON outbox_event (aggregate_id, position)
  WHERE published_at IS NULL;
CREATE INDEX parked_event_due ON parked_event (consumer, next_attempt_at) WHERE state = 'WAITING';
CREATE INDEX parked_event_aggregate ON parked_event (consumer, aggregate_id);
CREATE TABLE effect (
  position bigserial PRIMARY KEY, consumer text NOT NULL, event_id uuid NOT NULL,
  aggregate_id text NOT NULL, aggregate_version int NOT NULL);`;
