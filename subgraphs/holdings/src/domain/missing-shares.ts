import type { Decimal } from '@simplebank/kernel/decimal';
import { ok, type Result, refuse } from '@simplebank/kernel/result';

export type MissingKey = { readonly orderId: string; readonly executionId: string };

/** Shares that a late fill sold and the customer no longer had (domain §3.6). */
export type MissingShares = MissingKey & {
  readonly accountId: string;
  readonly assetId: string;
  readonly symbol: string | null;
  readonly currency: string;
  readonly quantity: Decimal;
  /** What they were sold for, without fees. */
  readonly value: Decimal;
  readonly raisedAt: Date;
  readonly resolution: MissingResolution | null;
};

export type MissingResolution = {
  readonly kind: 'BOUGHT_IN' | 'WRITTEN_OFF';
  readonly reason: string;
  readonly actor: string;
  readonly idempotencyKey: string;
  readonly at: Date;
};

export type MissingRefusal = { readonly code: 'ALREADY_RESOLVED' | 'IDEMPOTENCY_KEY_REUSED' };
type Asked = Pick<MissingResolution, 'kind' | 'reason' | 'actor' | 'idempotencyKey'>;

/** True: decide now; false: the same was decided with this key before. */
export function mayResolve(
  { resolution }: Pick<MissingShares, 'resolution'>,
  asked: Asked,
): Result<boolean, MissingRefusal> {
  if (!resolution) return ok(true);
  const { kind, reason, actor, idempotencyKey } = resolution;
  if (actor !== asked.actor || idempotencyKey !== asked.idempotencyKey) {
    return refuse({ code: 'ALREADY_RESOLVED' });
  }
  const same = kind === asked.kind && reason === asked.reason;
  return same ? ok(false) : refuse({ code: 'IDEMPOTENCY_KEY_REUSED' });
}
