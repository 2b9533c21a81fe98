/** One operating-system process of the distributed bank. */
export type Deployable = {
  readonly name: string;
  /** What `node --import tsx` runs from the root; fleets run it joined into one file. */
  readonly main: string;
  /** Its door's port variable; null for a worker, which has an operations port only. */
  readonly portVariable: string | null;
  /** Plays somebody outside the bank: there is one of it, however many copies of ours run. */
  readonly outside: boolean;
};

const prefixOf = (name: string): string => name.toUpperCase().replaceAll('-', '_');

type More = Partial<Pick<Deployable, 'outside'>> & { readonly door?: false };

const deployable = (name: string, folder: string, { door, outside = false }: More = {}) => ({
  name,
  main: `${folder}/main.ts`,
  portVariable: door === false ? null : `${prefixOf(name)}_PORT`,
  outside,
});

/** Everything that a whole bank consists of; none of them needs another one to be ready. */
export const deployables: readonly Deployable[] = [
  deployable('venue', 'services/venue/src', { outside: true }),
  deployable('mail-catcher', 'services/mail-catcher/src', { outside: true }),
  deployable('accounts', 'subgraphs/accounts/src'),
  deployable('orders', 'subgraphs/orders/src'),
  deployable('holdings', 'subgraphs/holdings/src'),
  deployable('assets', 'subgraphs/assets/src'),
  deployable('strategies', 'subgraphs/strategies/src'),
  deployable('notifications', 'services/notifications/src'),
  deployable('market', 'services/market/src', { door: false }),
  deployable('web', 'gateways/web/src'),
  deployable('mobile', 'gateways/mobile/src'),
  deployable('federation', 'gateways/federation/src'),
  deployable('reconciler', 'tools/reconcile', { door: false }),
];

export const processNames: readonly string[] = deployables.map(({ name }) => name);

export const operationsVariableOf = (name: string): string => `${prefixOf(name)}_OPERATIONS_PORT`;

/** @throws Error that names the processes there are */
export function deployableOf(name: string): Deployable {
  const found = deployables.find((each) => each.name === name);
  if (found) return found;
  throw new Error(`There is no process ${name}: name one of ${processNames.join(', ')}.`);
}
