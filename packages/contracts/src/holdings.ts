import { z } from 'zod';
import { decimal, event, type PayloadOf } from './event.ts';

const reservation = { orderId: z.uuid(), accountId: z.uuid(), assetId: z.uuid() };

export const PositionReservedV1 = event(
  'holdings.position-reserved.v1',
  z.object({ ...reservation, quantity: decimal }),
);
export type PositionReservedV1 = PayloadOf<typeof PositionReservedV1>;

export const PositionRefusedV1 = event(
  'holdings.position-refused.v1',
  z.object({ ...reservation, code: z.enum(['INSUFFICIENT_POSITION', 'ACCOUNT_STATUS']) }),
);
export type PositionRefusedV1 = PayloadOf<typeof PositionRefusedV1>;

export const PositionChangedV1 = event(
  'holdings.position-changed.v1',
  z.object({ accountId: z.uuid(), assetId: z.uuid(), quantity: decimal, reserved: decimal }),
);
export type PositionChangedV1 = PayloadOf<typeof PositionChangedV1>;
