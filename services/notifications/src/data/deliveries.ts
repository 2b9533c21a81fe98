import type { ChannelName, Kind, Template } from '../domain/kinds.ts';
import type { DeliveryState } from '../domain/notification.ts';
import type { Database } from './client.ts';
import type { Place } from './in-app-messages.ts';

/** A line of the delivery log, as staff sees it: never what the message says. */
export type Delivery = {
  readonly id: string;
  readonly eventId: string;
  readonly customerId: string;
  readonly accountId: string | null;
  readonly channel: ChannelName;
  readonly kind: Kind;
  readonly template: Template;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly attempts: number;
  readonly queuedAt: Date;
  readonly nextAttemptAt: Date;
  readonly endedAt: Date | null;
};

/** Null: whatever it is. */
type DeliveryFilter = {
  readonly customerId: string | null;
  readonly eventId: string | null;
  readonly kind: Kind | null;
  readonly channel: ChannelName | null;
  readonly state: DeliveryState | null;
};
export type DeliveryQuestion = {
  readonly filter: DeliveryFilter;
  readonly first: number;
  readonly after: Place | null;
};

/** Newest first; one row more than asked for. */
export async function listDeliveries(
  db: Database,
  { filter, first, after }: DeliveryQuestion,
): Promise<readonly Delivery[]> {
  const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null));
  const rows = await db.notification.findMany({
    where: {
      ...asked,
      ...(after && {
        OR: [{ queuedAt: { lt: after.at } }, { queuedAt: after.at, id: { lt: after.id } }],
      }),
    },
    orderBy: [{ queuedAt: 'desc' }, { id: 'desc' }],
    take: first + 1,
    omit: { facts: true, correlationId: true, traceparent: true },
  });
  return rows.map((row) => row as Delivery);
}

export type AttemptRow = {
  readonly attempt: number;
  readonly outcome: 'SENT' | 'FAILED';
  readonly error: string | null;
  readonly at: Date;
};

/** Answers in the order of `ids`, as DataLoader requires. */
export async function findAttempts(
  db: Database,
  ids: readonly string[],
): Promise<readonly (readonly AttemptRow[])[]> {
  const rows = await db.deliveryAttempt.findMany({
    where: { notificationId: { in: [...ids] } },
    orderBy: { attempt: 'asc' },
  });
  const byId = new Map<string, AttemptRow[]>(ids.map((id) => [id, []]));
  for (const { notificationId, attempt, outcome, error, at } of rows) {
    const row = { attempt, outcome: outcome as AttemptRow['outcome'], error, at };
    byId.get(notificationId)?.push(row);
  }
  return ids.map((id) => byId.get(id) ?? []);
}
