import { Decimal } from '@simplebank/kernel/decimal';
import tables from './fee-tables.json' with { type: 'json' };

/** A rate in force from its date until the next row. Rows never change: a new rate is a new row. */
type Dated = { readonly from: string };
type SecRow = Dated & { readonly perMillion: Decimal };
type TafRow = Dated & { readonly perShare: Decimal; readonly capPerOrderAndDay: Decimal };
type CommissionRow = Dated & {
  readonly basisPoints: Decimal;
  readonly minimum: Decimal;
  readonly maximum: Decimal;
};

export type CommissionPlan = keyof typeof tables.commission.plans;

/** The plan of an account for which staff have chosen none. */
export const defaultPlan: CommissionPlan = 'standard';

export const isCommissionPlan = (name: string): name is CommissionPlan =>
  Object.hasOwn(tables.commission.plans, name);

/** The row with the latest `from` on or before the date; null before the first one. */
function inForce<Row extends Dated>(rows: readonly Row[], date: string): Row | null {
  return rows.findLast((row) => row.from <= date) ?? null;
}

const byDate = (a: Dated, b: Dated): number => (a.from < b.from ? -1 : 1);

const sec: readonly SecRow[] = tables.secSection31.rows
  .map(({ from, perMillion }) => ({ from, perMillion: new Decimal(perMillion) }))
  .sort(byDate);

const taf: readonly TafRow[] = tables.finraTaf.rows
  .map(({ from, perShare, capPerOrderAndDay }) => ({
    from,
    perShare: new Decimal(perShare),
    capPerOrderAndDay: new Decimal(capPerOrderAndDay),
  }))
  .sort(byDate);

const commissionOf = (plan: CommissionPlan): readonly CommissionRow[] =>
  tables.commission.plans[plan]
    .map(({ from, basisPoints, minimum, maximum }) => ({
      from,
      basisPoints: new Decimal(basisPoints),
      minimum: new Decimal(minimum),
      maximum: new Decimal(maximum),
    }))
    .sort(byDate);

const commission: Readonly<Record<CommissionPlan, readonly CommissionRow[]>> = {
  standard: commissionOf('standard'),
  zero: commissionOf('zero'),
};

/** SEC Section 31 for a trade date. */
export const secRow = (date: string): SecRow | null => inForce(sec, date);
/** FINRA Trading Activity Fee for a trade date. */
export const tafRow = (date: string): TafRow | null => inForce(taf, date);
/** Commission for the date on which an order was created. */
export const commissionRow = (plan: CommissionPlan, date: string): CommissionRow | null =>
  inForce(commission[plan], date);
