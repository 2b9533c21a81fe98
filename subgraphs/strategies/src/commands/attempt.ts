import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';

/** One of many that a job takes on: `kind` names the alert, as in PLAN_STUCK. */
export type Attempted = { readonly kind: string; readonly id: string };

/**
 * Does a job's work on one of many in a transaction of its own. Trouble with one does not hold up
 * the others: it is reported with an alert, and the job tries that one again when it looks next.
 */
export async function attempt(
  deps: Pick<Deps, 'transact' | 'log'>,
  { kind, id }: Attempted,
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  try {
    await deps.transact(work);
  } catch (error) {
    const alert = `${kind}_STUCK`;
    const fields = { [`${kind.toLowerCase()}_id`]: id, error, error_code: alert, alert };
    deps.log.error(fields, 'a job does not get on with one of its rows; it is tried again');
  }
}
