import type { OrderPlacedV1 } from '@simplebank/contracts/market';
import type { Deps } from '../deps.ts';
import { telling } from './translate.ts';

export const onOrderPlaced = (deps: Deps) =>
  telling<OrderPlacedV1>(deps, ({ venueOrderId }) => ({ event: 'PLACED', venueOrderId }));
