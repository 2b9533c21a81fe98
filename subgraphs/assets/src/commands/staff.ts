import type { Cause } from '@simplebank/contracts/event';
import type { AuditRow } from '../data/audit.ts';
import type { Deps } from '../deps.ts';
import type { Asset } from '../domain/asset.ts';

/** The staff member behind a command, and what they gave as the reason. */
export type Staff = {
  readonly actorId: string;
  readonly roles: readonly string[];
  readonly reason: string;
  readonly requestId: string;
  readonly cause: Cause;
};
export type Change = { readonly before: Asset | null; readonly after: Asset };

type Audited = { readonly staff: Staff; readonly command: string; readonly change: Change };

export const auditOf = (deps: Deps, { staff, command, change }: Audited): AuditRow => ({
  id: deps.newId(),
  at: deps.clock.now(),
  actorId: staff.actorId,
  roles: staff.roles,
  command,
  subject: change.after.id,
  reason: staff.reason,
  requestId: staff.requestId,
  outcome: 'DONE',
  ...change,
});
