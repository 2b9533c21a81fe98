import { Decimal } from '@simplebank/kernel/decimal';
import { reportsAfter } from '../data/book.ts';
import type { Deps } from '../deps.ts';

/** What happened to an order, in the order in which it happened. */
export type Report =
  | {
      readonly kind: 'EXECUTED';
      readonly clientId: string;
      readonly venueOrderId: string;
      /** Unique within the venue. */
      readonly executionId: string;
      readonly quantity: Decimal;
      readonly price: Decimal;
      readonly at: Date;
    }
  | {
      readonly kind: 'ENDED';
      readonly clientId: string;
      readonly venueOrderId: string;
      readonly outcome: 'FILLED' | 'CANCELED' | 'EXPIRED';
      readonly at: Date;
    };
export type ReportPage = { readonly reports: readonly Report[]; readonly resumePoint: string };

const reportsPerPage = 1_000;

/** Reports after a resume point, oldest first; the empty point is the beginning. */
export async function readReports({ db }: Deps, after: string): Promise<ReportPage> {
  const rows = await reportsAfter(db, BigInt(after || '0'), reportsPerPage);
  const reports = rows.map((row): Report => {
    const { clientId, venueOrderId, kind, executionId, quantity, price, at } = row;
    if (kind !== 'EXECUTED') return { kind: 'ENDED', clientId, venueOrderId, outcome: kind, at };
    if (executionId === null || quantity === null || price === null) {
      throw new Error(`report ${row.sequence} of ${clientId} lacks its trade`);
    }
    const trade = { executionId, quantity: new Decimal(quantity), price: new Decimal(price) };
    return { kind, clientId, venueOrderId, ...trade, at };
  });
  return { reports, resumePoint: rows.at(-1)?.sequence ?? after };
}
