import type { Handler } from '@simplebank/chassis/consumer';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { onOrderCompleted } from './on-order-completed.ts';
import { onOrderCreated } from './on-order-created.ts';
import { onOrderFilled } from './on-order-filled.ts';

/** What accounts listens to. Each may come in any order and any number of times. */
export const consumers = (deps: Deps): readonly Handler<Tx>[] => [
  onOrderCreated(deps),
  onOrderFilled(deps),
  onOrderCompleted(deps),
];
