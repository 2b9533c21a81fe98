import { createHash } from 'node:crypto';
import type { Clock } from '@simplebank/kernel/clock';
import type { AuditRow } from '../data/audit.ts';

/** Who acts: a person by a request, or a strategy on their behalf by an event. */
export type Actor = { readonly actor: string; readonly role: string; readonly requestId: string };

export type Act = {
  readonly by: Actor;
  readonly command: string;
  readonly subject: string;
  readonly reason?: string;
  readonly before?: object | null;
  readonly after?: object;
};

/** The line of the audit that says what a command did (domain §1), with digests of both states. */
export const auditRow = (
  { clock }: { readonly clock: Clock },
  { by, command, subject, reason, before, after }: Act,
): AuditRow => ({
  at: clock.now(),
  ...by,
  command,
  subject,
  reason: reason ?? null,
  outcome: 'DONE',
  beforeDigest: before ? digest(before) : null,
  afterDigest: after ? digest(after) : null,
});

/** SHA-256 of the value as JSON with sorted keys, so that equal values have equal digests. */
function digest(value: object): string {
  const canonical = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}
