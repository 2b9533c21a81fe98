import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../../data/client.ts';
import type { HoldPurpose, HoldState } from '../domain/postings.ts';

type Row = {
  readonly id: string;
  readonly reference: string;
  readonly amount: string;
  readonly captured: string;
  readonly ended: boolean;
};
export type HoldLookup = {
  readonly purpose: HoldPurpose;
  readonly references: readonly string[];
};

/** By reference. The balances of their accounts are locked already, so nothing moves meanwhile. */
export async function findHolds(tx: Tx, { purpose, references }: HoldLookup) {
  if (references.length === 0) return new Map<string, HoldState>();
  const rows = await tx.$queryRaw<Row[]>`/* ledger.find-holds */
    SELECT h.id::text, h.reference, h.amount::text,
           (SELECT coalesce(sum(c.amount), 0) FROM hold_capture c
            WHERE c.hold_id = h.id)::text AS captured,
           EXISTS (SELECT FROM hold_resolution r WHERE r.hold_id = h.id) AS ended
    FROM hold h WHERE h.purpose = ${purpose} AND h.reference = ANY(${[...references]})`;
  return new Map(rows.map((row) => [row.reference, toHold(row)]));
}

const toHold = ({ id, amount, captured, ended }: Row): HoldState => ({
  id,
  amount: new Decimal(amount),
  captured: new Decimal(captured),
  ended,
});
