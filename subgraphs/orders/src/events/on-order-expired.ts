import type { VenueOrderExpiredV1 } from '@simplebank/contracts/market';
import type { Deps } from '../deps.ts';
import { telling } from './translate.ts';

export const onOrderExpired = (deps: Deps) =>
  telling<VenueOrderExpiredV1>(deps, ({ executions }) => ({ event: 'VENUE_EXPIRED', executions }));
