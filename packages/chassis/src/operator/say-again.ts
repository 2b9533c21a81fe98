import type { SqlRunner } from '../events/database.ts';
import { type By, recordActions } from './actions.ts';

/**
 * Has the relay send again all that this context has said about an aggregate. Whoever had its
 * effect drops it (OPS-22), so nothing is done twice. Answers how many events go out again.
 */
export async function sayAgain(tx: SqlRunner, aggregateId: string, by: By): Promise<number> {
  const events = await tx.$executeRaw`
    /* operator.say-again */
    UPDATE outbox_event SET published_at = NULL
    WHERE aggregate_id = ${aggregateId} AND published_at IS NOT NULL`;
  if (events === 0) return 0;
  const subject = `aggregate ${aggregateId}`;
  await recordActions(tx, by, [{ command: 'say-again', subject, detail: { events } }]);
  return events;
}
