import { createHash } from 'node:crypto';
import type { RequestStory } from '@simplebank/chassis/request';
import type { Envelope } from '@simplebank/contracts/event';
import type { Clock } from '@simplebank/kernel/clock';
import { type AuditRow, insertAudit } from '../data/audit.ts';
import type { Tx } from '../data/client.ts';

/** Who acts, for the audit: a person by a request, or the bank itself by an event or a job. */
export type Actor = { readonly actor: string; readonly role: string; readonly requestId: string };

export const actorOf = ({
  viewer,
  requestId,
}: Pick<RequestStory, 'viewer' | 'requestId'>): Actor =>
  viewer.kind === 'principal'
    ? { actor: viewer.customerId, role: viewer.roles.join(' ') || 'none', requestId }
    : { actor: 'anonymous', role: 'none', requestId };

export const actorOfEvent = ({ type, correlationId }: Envelope): Actor => ({
  actor: type,
  role: 'service',
  requestId: correlationId,
});

export const actorOfJob = (name: string): Actor => ({
  actor: name,
  role: 'service',
  requestId: name,
});

export type Act = {
  readonly by: Actor;
  readonly command: string;
  readonly subject: string;
  readonly reason?: string | null;
  readonly outcome?: string;
  readonly before?: unknown;
  readonly after?: unknown;
};

/** Appends one audit row per act, with digests of what was and what is. */
export async function audit(tx: Tx, { clock }: { clock: Clock }, acts: readonly Act[]) {
  const at = clock.now();
  const rows = acts.map(
    ({ by, command, subject, reason, outcome, before, after }): AuditRow => ({
      at,
      ...by,
      command,
      subject,
      reason: reason ?? null,
      outcome: outcome ?? 'DONE',
      beforeDigest: before === undefined ? null : digest(before),
      afterDigest: after === undefined ? null : digest(after),
    }),
  );
  await insertAudit(tx, rows);
}

/** SHA-256 of the value as JSON with sorted keys, so that equal values have equal digests. */
const digest = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex');

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return inner.toString();
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
