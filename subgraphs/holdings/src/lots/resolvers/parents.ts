import type { Connection } from '@simplebank/chassis/connections';
import type { Holding } from '../../domain/holding.ts';
import type { GainScope } from '../data/gains.ts';
import type { GainView } from '../domain/lot-view.ts';

/** A page of gains, and what its totals are of. */
export type GainPage = Connection<GainView> & { readonly scope: GainScope };
/** Says of itself whether it is degraded. */
export type HoldingPage = Connection<Holding>;
