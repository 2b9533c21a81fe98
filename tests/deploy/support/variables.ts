import { loadConfig as loadAccounts } from '@simplebank/accounts/config';
import { loadConfig as loadAssets } from '@simplebank/assets/config';
import { ConfigError, type Env } from '@simplebank/chassis/config';
import { loadConfig as loadFederation } from '@simplebank/federation-gateway/config';
import { loadConfig as loadHoldings } from '@simplebank/holdings/config';
import { loadConfig as loadMailCatcher } from '@simplebank/mail-catcher/config';
import { loadConfig as loadMarket } from '@simplebank/market/config';
import { loadConfig as loadMobile } from '@simplebank/mobile-gateway/config';
import { loadConfig as loadNotifications } from '@simplebank/notifications/config';
import { loadConfig as loadOrders } from '@simplebank/orders/config';
import { loadConfig as loadStrategies } from '@simplebank/strategies/config';
import { loadConfig as loadVenue } from '@simplebank/venue/config';
import { loadConfig as loadWeb } from '@simplebank/web-gateway/config';
import { reconciler } from '../../../tools/reconcile/watch.ts';
import { filesIn, textOf } from './files.ts';

const loaders: Readonly<Record<string, (env: Env) => unknown>> = {
  accounts: loadAccounts,
  assets: loadAssets,
  federation: loadFederation,
  holdings: loadHoldings,
  'mail-catcher': loadMailCatcher,
  market: loadMarket,
  mobile: loadMobile,
  notifications: loadNotifications,
  orders: loadOrders,
  strategies: loadStrategies,
  venue: loadVenue,
  web: loadWeb,
  reconciler: reconciler.loadConfig,
};

export type Loaded = { readonly problems: readonly string[]; readonly read: ReadonlySet<string> };

/** Loads a process's own configuration: what was wrong, and which variables it asked for. */
export function loadedBy(name: string, env: Env): Loaded {
  const load = loaders[name];
  if (!load) throw new Error(`no configuration is known of ${name}`);
  const read = new Set<string>();
  const watched = new Proxy<Env>(env, {
    get: (target, key) => {
      if (typeof key === 'string') read.add(key);
      return typeof key === 'string' ? target[key] : undefined;
    },
  });
  try {
    load(watched);
    return { problems: [], read };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.problems, read };
  }
}

/** Variables that every process reads through the chassis, by their names in its source. */
export const chassisVariables: ReadonlySet<string> = new Set(
  filesIn('packages/chassis/src')
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .flatMap((path) => textOf(path).match(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b/g) ?? []),
);
