import { type Transact, transactor } from '@simplebank/chassis/database';
import type { Logger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createRelay, type Relay } from '@simplebank/chassis/relay';
import type { Clock } from '@simplebank/kernel/clock';
import type { NewId } from '@simplebank/kernel/ids';
import type { Channel } from './channel.ts';
import { emailChannel } from './channels/email/email.ts';
import { inAppChannel } from './channels/in-app.ts';
import type { Config } from './config.ts';
import { connect, type Database, type Tx } from './data/client.ts';

export type Deps = {
  readonly db: Database;
  readonly transact: Transact<Tx>;
  readonly relay: Relay;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  /** What the bank offers: every notification is written for each of these. */
  readonly channels: readonly Channel[];
  /** How long a channel may take; far less than a lease, so that nobody else sends it meanwhile. */
  readonly deliveryMsMax: number;
};

const deliveryMsMax = 10_000;

type Base = Pick<Deps, 'db' | 'clock' | 'log'>;

/** In the application always; by e-mail where a mail server is named; not by push or SMS yet. */
function channelsOf(config: Config, { db, clock, log }: Base): readonly Channel[] {
  const { NOTIFICATIONS_SMTP_URL: url, NOTIFICATIONS_SMTP_TLS: tls } = config;
  const from = config.NOTIFICATIONS_MAIL_FROM;
  const email = url === undefined ? [] : [emailChannel({ url, tls, from, db, clock, log })];
  return [inAppChannel(db), ...email];
}

export function openDeps(config: Config, runtime: Runtime): Deps {
  const { clock, newId, queues, shared } = runtime;
  const log = runtime.log.child({ service: 'notifications', module: 'notifications' });
  const db = connect(config.NOTIFICATIONS_DATABASE_URL);
  const { signals } = shared;
  const relay = createRelay<Tx>({ context: 'notifications', db, queues, signals, log, clock });
  const transact = transactor<Tx>(db, { onCommit: () => relay.wake() });
  const channels = channelsOf(config, { db, clock, log });
  return { db, transact, relay, clock, newId, log, channels, deliveryMsMax };
}
