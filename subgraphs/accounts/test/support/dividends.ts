import { randomUUID } from 'node:crypto';
import type { Envelope } from '@simplebank/contracts/event';
import { DividendDueV1, PositionSplitV1 } from '@simplebank/contracts/holdings';

const assetId = '00000000-0000-4000-8000-0000000000aa';

type Told<P> = {
  readonly contract: { readonly name: string };
  readonly version: number;
  readonly payload: P;
};

const told = <P extends { actionId: string; accountId: string }>(of: Told<P>): Envelope<P> => ({
  eventId: randomUUID(),
  type: of.contract.name,
  aggregateId: `${of.payload.actionId}:${of.payload.accountId}`,
  aggregateVersion: of.version,
  occurredAt: '2026-11-20T15:00:00.000Z',
  correlationId: 'test',
  causationId: null,
  traceparent: null,
  payload: of.payload,
});

export type Due = {
  readonly actionId: string;
  readonly accountId: string;
  readonly amount: string;
  readonly version?: number;
  readonly payDate?: string;
};

/** What holdings says of a dividend of 0.205 a share. */
export const dividendDue = ({ version = 1, payDate = '2026-11-24', ...due }: Due) =>
  told<DividendDueV1>({
    ...{ contract: DividendDueV1, version },
    payload: {
      ...{ ...due, payDate, assetId, symbol: 'AAPL', quantity: '10', rate: '0.205' },
      ...{ currency: 'USD', exDate: '2026-11-20' },
    },
  });

export type Split = {
  readonly actionId: string;
  readonly accountId: string;
  readonly before: string;
  readonly after: string;
  readonly version?: number;
};

export const positionSplit = ({ version = 1, before, after, ...ids }: Split) =>
  told<PositionSplitV1>({
    ...{ contract: PositionSplitV1, version },
    payload: {
      ...{ ...ids, assetId, symbol: 'AAPL', exDate: '2026-11-20', numerator: 4, denominator: 1 },
      ...{ quantityBefore: before, quantityAfter: after },
    },
  });
