/** Data of one context that another one keeps, fed by events: the highest version wins. */
type Copy = {
  readonly holder: string;
  readonly what: string;
  readonly events: readonly string[];
  /** How old it may be before whoever shows it says so. */
  readonly ageBound: string;
};

/** Who has the last word on an entity of the supergraph, or on something that others copy. */
export type Entry = {
  readonly entity: string;
  readonly owner: string;
  /** Not in the graph by a key of its own. */
  readonly isInner?: true;
  readonly copies: readonly Copy[];
};

/** What an event brings is there within seconds (OPS-49); it has no age of its own to show. */
const soon = 'p99 2 s behind';

const copy = (holder: string, what: string, events: readonly string[]): Copy => ({
  ...{ holder, what, events, ageBound: soon },
});

const opened = ['accounts.account-opened.v1', 'accounts.account-status-changed.v1'];

/** The systems of record. `docs/system-of-record.md` is made of it and of the schemas. */
export const record: readonly Entry[] = [
  {
    ...{ entity: 'Customer', owner: 'accounts' },
    copies: [copy('notifications', 'name and address', ['accounts.customer-registered.v1'])],
  },
  {
    ...{ entity: 'Account', owner: 'accounts' },
    copies: ['orders', 'holdings', 'strategies', 'notifications'].map((holder) =>
      copy(holder, 'owner and state', opened),
    ),
  },
  {
    ...{ entity: 'Payment', owner: 'accounts' },
    copies: [
      copy('strategies', 'payments of a plan', [
        'accounts.payment-created.v1',
        'accounts.payment-completed.v1',
      ]),
    ],
  },
  {
    ...{ entity: 'Order', owner: 'orders' },
    copies: [
      copy('accounts', 'which are open', ['orders.order-created.v1', 'orders.order-completed.v1']),
      copy('strategies', 'parts of an investment', ['orders.order-completed.v1']),
    ],
  },
  { entity: 'OrderPreview', owner: 'orders', copies: [] },
  {
    ...{ entity: 'Position', owner: 'holdings', isInner: true },
    copies: ['accounts', 'strategies'].map((holder) =>
      copy(holder, 'quantities', ['holdings.position-changed.v1']),
    ),
  },
  {
    ...{ entity: 'Asset', owner: 'assets' },
    copies: ['orders', 'holdings', 'strategies', 'market'].map((holder) =>
      copy(holder, 'symbol and state', ['assets.asset-updated.v1']),
    ),
  },
  {
    ...{ entity: 'Quote', owner: 'assets', isInner: true },
    copies: [
      {
        ...copy('holdings', 'last price', ['assets.quote-published.v1']),
        ageBound: '5 min, then no value',
      },
      {
        ...copy('orders', 'bid, ask, last', ['market.quote-changed.v1']),
        ageBound: '15 min, then no market order',
      },
    ],
  },
  { entity: 'Strategy', owner: 'strategies', copies: [] },
  { entity: 'StrategyOrder', owner: 'strategies', copies: [] },
  { entity: 'Plan', owner: 'strategies', copies: [] },
  { entity: 'RebalanceRun', owner: 'strategies', copies: [] },
  { entity: 'Notification', owner: 'notifications', copies: [] },
];
