import type { Letters } from './matrix.ts';

/** `reveals`: what shows that the entity was answered and not its key alone. */
export type EntityRow = { readonly reveals: string; readonly subgraph: Letters };

const ofOwner = 'NYNYYN';

/** Each entity at each subgraph that resolves it, asked for by `_entities` as a gateway does. */
export const entities: Readonly<Record<string, EntityRow>> = {
  'accounts.Customer': { reveals: 'name', subgraph: ofOwner },
  'accounts.Account': { reveals: 'number balances { posted { amount } }', subgraph: ofOwner },
  'accounts.Payment': { reveals: 'status', subgraph: ofOwner },
  'orders.Order': { reveals: 'status', subgraph: ofOwner },
  'orders.Account': { reveals: 'ordersPage { nodes { id } }', subgraph: ofOwner },
  'holdings.Account': { reveals: 'holdingsPage { nodes { symbol } }', subgraph: ofOwner },
  'assets.Asset': { reveals: 'symbol', subgraph: 'YYYYYY' },
  'strategies.Account': { reveals: 'plans { nodes { id } }', subgraph: ofOwner },
  'strategies.Strategy': { reveals: 'name', subgraph: 'UYYYYY' },
  'strategies.Plan': { reveals: 'state', subgraph: ofOwner },
  'strategies.StrategyOrder': { reveals: 'status', subgraph: ofOwner },
  'strategies.RebalanceRun': { reveals: 'status', subgraph: ofOwner },
  'notifications.Notification': { reveals: 'title', subgraph: 'NYNNNN' },
};

/** Entities without an owner: all they say is reckoned from what the gateway itself has sent. */
export const ownerless: readonly string[] = ['orders.OrderPreview'];
