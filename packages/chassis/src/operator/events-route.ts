import {
  type AssertionVerifier,
  assertionHeader,
  createAssertionVerifier,
  requireRole,
} from '../door/auth.ts';
import type { SqlRunner } from '../events/database.ts';
import type { OperationsAnswer, OperationsAsked } from '../operations/operations.ts';
import type { Part, Runtime } from '../process/process.ts';
import { BadCursor, openEventPages, pageLimitMax } from './event-pages.ts';

const limitDefault = 100;

const refused = (status: number, error: string, field?: string): OperationsAnswer => ({
  status,
  body: { error, ...(field ? { field } : {}) },
});

function limitOf(text: string | undefined): number | null {
  if (text === undefined) return limitDefault;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= pageLimitMax ? limit : null;
}

async function isOperator({ headers }: OperationsAsked, verifier: AssertionVerifier) {
  const given = headers[assertionHeader];
  try {
    requireRole(await verifier.verify(typeof given === 'string' ? given : undefined), 'operations');
    return true;
  } catch {
    return false;
  }
}

export type EventsRouteOptions = {
  /** The context, and so the audience of the assertion. */
  readonly name: string;
  readonly db: SqlRunner;
  /** Not given: nobody is let in. */
  readonly publicKeys: string | undefined;
  readonly runtime: Pick<Runtime, 'clock'>;
};

/**
 * GET /events?after=&limit= on the operations port (OPS-31), for operations by a signed assertion
 * alone. Where several contexts share a port each also answers at /<context>/events.
 */
export function eventsRoute({ name, db, publicKeys, runtime }: EventsRouteOptions): Part {
  const { clock } = runtime;
  const verifier = publicKeys
    ? createAssertionVerifier({ publicKeys, audience: name, clock })
    : { verify: () => Promise.reject(new Error('no keys')) };
  const pages = openEventPages(db);
  const answer = async (asked: OperationsAsked): Promise<OperationsAnswer> => {
    if (!(await isOperator(asked, verifier)))
      return refused(401, 'An operator’s assertion is missing.');
    const { after = null, limit: text } = asked.query;
    const limit = limitOf(text);
    if (limit === null) return refused(400, `limit is 1 to ${pageLimitMax}.`, 'limit');
    try {
      return { status: 200, body: await pages.page({ after, limit }) };
    } catch (error) {
      if (error instanceof BadCursor) return refused(400, 'after is no cursor.', 'after');
      throw error;
    }
  };
  return {
    name: `${name}-events`,
    start: async () => {},
    close: async () => {},
    ready: async () => true,
    routes: { '/events': answer, [`/${name}/events`]: answer },
  };
}
