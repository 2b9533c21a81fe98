import type { RequestStory } from '@simplebank/chassis/subgraph';
import { type AccountLoaders, accountLoaders } from './accounts/index.ts';
import type { Deps } from './deps.ts';
import { type IdentityLoaders, identityLoaders } from './identity/index.ts';
import { type LedgerLoaders, ledgerLoaders } from './ledger/index.ts';
import { type StatementLoaders, statementLoaders } from './statements/index.ts';
import { type VerificationLoaders, verificationLoaders } from './verification/index.ts';

/** One per request: its loaders batch and cache within the request and die with it. */
export type Context = Deps &
  RequestStory & {
    readonly loaders: AccountLoaders &
      IdentityLoaders &
      LedgerLoaders &
      StatementLoaders &
      VerificationLoaders;
  };

export const createContext = (deps: Deps, story: RequestStory): Context => ({
  ...deps,
  ...story,
  loaders: {
    ...accountLoaders(deps, story.viewer),
    ...identityLoaders(deps, story.viewer),
    ...ledgerLoaders(deps),
    ...statementLoaders(deps),
    ...verificationLoaders(deps),
  },
});
