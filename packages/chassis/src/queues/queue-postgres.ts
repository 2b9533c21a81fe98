import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import type { Logger } from '../process/logging.ts';
import type { EventQueues } from './queue.ts';
import {
  consumeJobs,
  createSenders,
  type EventJob,
  type Process,
  queueOptions,
  workerOptions,
} from './queue-bullmq.ts';
import { watchTroubles } from './queue-troubles.ts';

/**
 * After an outage BullMQ waits for a notice of new jobs for up to an hour. Where the question that
 * it asks beforehand fails, a job that came earlier would wait as long, so it looks this often.
 */
const lookEverySecondsMax = 5;

const createBackend: typeof createPostgresBackend = (...told) => {
  const backend = createPostgresBackend(...told);
  const waitForJob = backend.waitForJob.bind(backend);
  backend.waitForJob = (seconds) => waitForJob(Math.min(seconds, lookEverySecondsMax));
  return backend;
};

const { Queue, Worker } = withBackend(createBackend);

type Options = { readonly databaseUrl: string; readonly schema: string; readonly log: Logger };
const connectMsMax = 5_000;
const statementMsMax = 10_000;
const senderConnectionsMax = 2;
/** Besides this, a worker has one connection that only listens. */
const workerConnectionsMax = 1;

/**
 * Queues as tables of one schema. Its commits do not wait for the disk: the relay marks rows as
 * published after sending, on the same server, and that commit flushes the log up to its own place,
 * the jobs before it included. A lost acknowledgement only repeats a job, which inboxes drop.
 */
export async function openPostgresQueues(options: Options): Promise<EventQueues> {
  const { databaseUrl, schema, log } = options;
  await migrate(databaseUrl, schema);

  const connection = {
    connectionString: databaseUrl,
    schema,
    options: '-c synchronous_commit=off',
    connectionTimeoutMillis: connectMsMax,
    statement_timeout: statementMsMax,
    // A connection that is made anew costs the next event some milliseconds.
    idleTimeoutMillis: 0,
  };
  const senders = createSenders((subscriber) => {
    const sender = new Queue<EventJob>(subscriber, {
      ...{ ...queueOptions, connection: { ...connection, max: senderConnectionsMax } },
    });
    const troubles = watchTroubles(log.child({ queue: subscriber }), 'the queue cannot be filled');
    sender.on('error', troubles.seen);
    return sender;
  });
  const workerConnection = { ...connection, max: workerConnectionsMax };

  return {
    send: senders.send,
    consume: (subscriber, work) => {
      const settings = { ...workerOptions, connection: workerConnection };
      const open = (process: Process) => new Worker<EventJob>(subscriber, process, settings);
      return consumeJobs(open, work, { log, queue: subscriber });
    },
    ping: () => ask(connection),
    count: senders.count,
    close: senders.close,
  };
}

/** Over a connection of its own: the pools of the senders open only when something is sent. */
async function ask(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection);
  client.on('error', () => {}); // the statement under way rejects with it
  try {
    await client.connect();
    await client.query('/* queues.ping */ SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Run before any queue opens, because a worker without its tables asks for them without end. */
async function migrate(connectionString: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectMsMax });
  client.on('error', () => {}); // the statement under way rejects with it
  try {
    await client.connect();
    await runMigrations(client, schema);
  } finally {
    await client.end();
  }
}
