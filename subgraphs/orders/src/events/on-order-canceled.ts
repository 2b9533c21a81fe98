import type { VenueOrderCanceledV1 } from '@simplebank/contracts/market';
import type { Deps } from '../deps.ts';
import { telling } from './translate.ts';

export const onOrderCanceled = (deps: Deps) =>
  telling<VenueOrderCanceledV1>(deps, ({ executions }) => ({
    event: 'VENUE_CANCELED',
    executions,
  }));
