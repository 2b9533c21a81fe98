import type { Envelope } from '@simplebank/contracts/event';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { Handler } from '../events/consumer.ts';
import { groupIntoCalls } from '../events/consumer-calls.ts';
import { type Incoming, isReadable, type Readable, readEvent } from '../events/consumer-reading.ts';
import type { SqlRunner, Transact } from '../events/database.ts';
import { markParked } from '../events/inbox.ts';
import { type Parking, park } from '../events/parked.ts';
import { asLeaseholder, type Lease } from '../leading/lease.ts';
import { type By, recordActions } from './actions.ts';
import type { EventPage, FeedEvent } from './event-pages.ts';

export type CopyKind = 'account' | 'asset' | 'position';
/** A position is named `<account>:<asset>`. */
export type CopyName = { readonly kind: CopyKind; readonly id: string };

export type CopyOptions<Tx extends SqlRunner> = {
  readonly subscriber: Subscriber;
  readonly transact: Transact<Tx>;
  /**
   * Handlers that do nothing but keep the highest version of what another context describes: they
   * publish nothing, call nobody and add nothing up, so they may run again whatever the inbox says.
   */
  readonly handlers: readonly Handler<Tx>[];
  /** Lets any version of the owner's events win over the row that is there. */
  readonly distrust: (tx: Tx, name: CopyName) => Promise<void>;
  /** Removes the row if no event has confirmed it since. */
  readonly dropUnconfirmed: (tx: Tx, name: CopyName) => Promise<void>;
};

type Progress = { readonly cursor: string; readonly isDone: boolean };
type Taken = { readonly copied: number; readonly parked: number };
export type PageTaker = {
  /** Keeps what the page says of copies, and how far it was read: both or neither. */
  readonly seed: (source: Subscriber, page: EventPage) => Promise<number>;
  /** The same without progress; what is no copy goes to the subscriber unless it had its effect. */
  readonly replay: (events: readonly FeedEvent[]) => Promise<Taken>;
};

/** What may be written again into a context that listens: its copies of others. */
export type CopyDoor = {
  readonly isCopied: (type: string) => boolean;
  readonly progress: (source: Subscriber) => Promise<Progress | null>;
  /** Runs `work` unless somebody else fills this context now; false then. */
  readonly fill: (by: By, work: (take: PageTaker) => Promise<void>) => Promise<boolean>;
  /** Makes one copy anew from its owner's events; without any it is removed. */
  readonly rebuild: (name: CopyName, bodies: readonly string[], by: By) => Promise<void>;
};

async function applyCopies<Tx extends SqlRunner>(
  tx: Tx,
  { subscriber, handlers }: CopyOptions<Tx>,
  bodies: readonly string[],
): Promise<number> {
  const contracts = new Map(handlers.map(({ contract }) => [contract.name, contract]));
  const table = new Map(handlers.map((one) => [one.contract.name, one]));
  const copied = readableOf(bodies.map((body) => readEvent(body, contracts)));
  for (const group of groupIntoCalls(copied)) {
    const envelopes = group.map(({ envelope }) => envelope as Envelope<never>);
    await table.get(group[0]?.type ?? '')?.apply(tx, envelopes);
  }
  // Whatever comes by queue later is known already.
  for (const { eventId } of copied) await markParked(tx, subscriber, eventId);
  return copied.length;
}

const readableOf = (events: readonly Incoming[]): readonly Readable[] => events.filter(isReadable);

const bodyOf = ({ body }: { readonly body: string }): string => body;

/** As events are, whatever a filter let through: an event that waits its turn is tried at once. */
const soon: Parking = { state: 'WAITING', attempts: 0, pauseMs: 0, error: 'replayed' };

function takerOf<Tx extends SqlRunner>(options: CopyOptions<Tx>, lease: Lease<Tx>): PageTaker {
  const { subscriber, handlers } = options;
  const copies = new Set(handlers.map(({ contract }) => contract.name));
  const seed = (source: Subscriber, { events, next, isEnd }: EventPage): Promise<number> =>
    lease.write(async (tx) => {
      const mine = events.filter(({ type }) => copies.has(type));
      const copied = await applyCopies(tx, options, mine.map(bodyOf));
      await tx.$executeRaw`
        /* copies.progress */
        INSERT INTO feed_progress (consumer, source, cursor, is_done)
        VALUES (${subscriber}, ${source}, ${next}, ${isEnd})
        ON CONFLICT (consumer, source) DO UPDATE SET cursor = excluded.cursor,
          is_done = excluded.is_done, updated_at = now()`;
      return copied;
    });
  const replay = (events: readonly FeedEvent[]): Promise<Taken> =>
    lease.write(async (tx) => {
      const mine = events.filter(({ type }) => copies.has(type));
      const copied = await applyCopies(tx, options, mine.map(bodyOf));
      const others = events
        .filter(({ type }) => !copies.has(type))
        .map(({ type, aggregateId, body }) => ({ eventId: idOf(body), type, aggregateId, body }));
      return { copied, parked: await park(tx, subscriber, { events: others, parking: soon }) };
    });
  return { seed, replay };
}

const idOf = (body: string): string => (JSON.parse(body) as Envelope).eventId;

async function rebuild<Tx extends SqlRunner>(
  options: CopyOptions<Tx>,
  { name, bodies, by }: { name: CopyName; bodies: readonly string[]; by: By },
): Promise<void> {
  await options.transact(async (tx) => {
    await options.distrust(tx, name);
    const events = await applyCopies(tx, options, bodies);
    await options.dropUnconfirmed(tx, name);
    const subject = `${name.kind} ${name.id}`;
    await recordActions(tx, by, [{ command: 'rebuild-copy', subject, detail: { events } }]);
  });
}

export const openCopies = <Tx extends SqlRunner>(options: CopyOptions<Tx>): CopyDoor => ({
  isCopied: (type) => options.handlers.some(({ contract }) => contract.name === type),
  progress: (source) =>
    options.transact(async (tx) => {
      const [row] = await tx.$queryRaw<Progress[]>`
        /* copies.read-progress */
        SELECT cursor, is_done AS "isDone" FROM feed_progress
        WHERE consumer = ${options.subscriber} AND source = ${source}`;
      return row ?? null;
    }),
  fill: (by, work) =>
    asLeaseholder(
      { transact: options.transact, name: `${options.subscriber}.fill-copies` },
      async (lease) => {
        const subject = `subscriber ${options.subscriber}`;
        const begun = [{ command: 'fill-copies', subject, detail: { token: lease.token } }];
        await lease.write((tx) => recordActions(tx, by, begun));
        await work(takerOf(options, lease));
      },
    ),
  rebuild: (name, bodies, by) => rebuild(options, { name, bodies, by }),
});
