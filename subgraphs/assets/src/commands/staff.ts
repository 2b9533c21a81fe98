import type { Cause } from '@simplebank/contracts/event';
import { namedId } from '@simplebank/kernel/named-id';
import type { AuditRow } from '../data/audit.ts';
import type { Deps } from '../deps.ts';

/** Who is behind a command, and what they gave as the reason. */
export type Staff = {
  readonly actorId: string;
  readonly roles: readonly string[];
  readonly reason: string;
  readonly requestId: string;
  readonly cause: Cause;
};
/** What was and what is; the subject is what they are about. */
type Change = {
  readonly subject: string;
  readonly before: object | null;
  readonly after: object;
};

type Audited = { readonly staff: Staff; readonly command: string; readonly change: Change };

export const auditOf = (deps: Deps, { staff, command, change }: Audited): AuditRow => ({
  id: deps.newId(),
  at: deps.clock.now(),
  actorId: staff.actorId,
  roles: staff.roles,
  command,
  reason: staff.reason,
  requestId: staff.requestId,
  outcome: 'DONE',
  ...change,
});

/** The bank itself, at work by its clock. */
export const byJob = (job: string, reason: string): Staff => ({
  actorId: namedId('job', job),
  roles: ['service'],
  reason,
  requestId: job,
  cause: { correlationId: job, causationId: null, traceparent: null },
});
