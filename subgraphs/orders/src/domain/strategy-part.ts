import { createHash } from 'node:crypto';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { Draft } from './placement.ts';

/** One part of a strategy order: money for one asset. */
export type StrategyPart = {
  readonly strategyOrderId: string;
  readonly customerId: string;
  readonly assetId: string;
  readonly amount: Decimal;
};

/** Our own name space for ids that are derived instead of drawn (RFC 9562, version 5). */
const nameSpace = '6d0c9f3a-52b1-4f5e-9c55-1f0a3c1f7b42';

/** The same names give the same id, so that a replay makes no second order. */
export function derivedId(...names: readonly string[]): string {
  const hash = createHash('sha1');
  hash.update(Buffer.from(nameSpace.replaceAll('-', ''), 'hex'));
  const bytes = hash.update(names.join('/')).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** The market buy by amount that a part becomes; key and id derive from (strategy order, asset). */
export const draftOf = (part: StrategyPart): Draft => ({
  id: derivedId(part.strategyOrderId, part.assetId),
  customerId: part.customerId,
  idempotencyKey: `strategy-order:${part.strategyOrderId}:${part.assetId}`,
  requestHash: createHash('sha256')
    .update(`${part.assetId} ${part.amount.toFixed()}`)
    .digest('hex'),
  side: 'BUY',
  type: 'MARKET',
  timeInForce: 'DAY',
  quantity: null,
  amount: part.amount,
  limitPrice: null,
  strategyOrderId: part.strategyOrderId,
});
