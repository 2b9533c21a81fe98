import { csvOf } from '@simplebank/kernel/csv';
import type { Document } from './statement.ts';

type Cell = string | null;

const head = [
  ...['section', 'at', 'kind', 'symbol', 'quantity', 'price', 'cost', 'value', 'amount'],
  ...['balance', 'orderId', 'executionId', 'paymentId'],
] as const;
type Column = (typeof head)[number];

/** A statement as comma-separated values: one table, whose first column names the section. */
export function statementCsv(document: Document): string {
  const { opening, closing, debt, fees, realizedGain } = document;
  return csvOf([
    [...head],
    row({ section: 'account', kind: document.accountNumber, value: document.currency }),
    row({ section: 'month', kind: document.month, at: document.from, value: document.to }),
    row({ section: 'opening', balance: opening }),
    ...document.entries.map((entry) => row({ section: 'entry', ...entry })),
    row({ section: 'closing', balance: closing }),
    row({ section: 'debt', amount: debt }),
    ...Object.entries(fees).map(([kind, amount]) => row({ section: 'fee', kind, amount })),
    row({ section: 'realized gain', amount: realizedGain }),
    ...document.positions.map(({ priceAt, assetId, ...position }) =>
      row({ section: 'position', at: priceAt, kind: assetId, ...position }),
    ),
    row({ section: 'positions', value: document.positionsValue }),
  ]);
}

const row = (cells: Partial<Record<Column, Cell>>): Cell[] =>
  head.map((column) => cells[column] ?? null);
