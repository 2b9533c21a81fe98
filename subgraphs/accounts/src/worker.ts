import { createWorker, type Job } from '@simplebank/chassis/worker';
import { closeSettledAccounts } from './accounts/index.ts';
import { dropExpiredKeys } from './commands/drop-expired-keys.ts';
import type { Tx } from './data/client.ts';
import type { Deps } from './deps.ts';
import { payDividends } from './dividends/index.ts';
import { consumers, lockAccounts } from './events/consumers.ts';
import { dropEndedSessions, dropOldAttempts } from './identity/index.ts';
import { keepHouseCheckpoint } from './ledger/index.ts';
import { advancePayments } from './payments/index.ts';
import { askForMonths } from './statements/index.ts';
import { settleDue } from './trades/index.ts';
import { advanceVerifications, resealProfiles } from './verification/index.ts';

/** Quick enough that a deposit is there within a second of being asked for. */
const paymentsEveryMs = 100;
const settlementEveryMs = 5_000;
const dividendsEveryMs = 5_000;
const verificationsEveryMs = 100;
const closingEveryMs = 1_000;
const tidyEveryMs = 60_000;

export const jobs = (deps: Deps): readonly Job[] => [
  { name: 'advance-payments', everyMs: paymentsEveryMs, run: () => advancePayments(deps) },
  { name: 'settle-due', everyMs: settlementEveryMs, run: () => settleDue(deps) },
  { name: 'pay-dividends', everyMs: dividendsEveryMs, run: () => payDividends(deps) },
  {
    name: 'advance-verifications',
    everyMs: verificationsEveryMs,
    run: () => advanceVerifications(deps),
  },
  {
    name: 'close-settled-accounts',
    everyMs: closingEveryMs,
    run: () => closeSettledAccounts(deps),
  },
  { name: 'drop-ended-sessions', everyMs: tidyEveryMs, run: () => dropEndedSessions(deps) },
  { name: 'reseal-profiles', everyMs: tidyEveryMs, run: () => resealProfiles(deps) },
  { name: 'ask-for-months', everyMs: tidyEveryMs, run: () => askForMonths(deps) },
  { name: 'house-checkpoint', everyMs: tidyEveryMs, run: () => keepHouseCheckpoint(deps) },
  { name: 'drop-old-attempts', everyMs: tidyEveryMs, run: () => dropOldAttempts(deps) },
  { name: 'drop-expired-keys', everyMs: tidyEveryMs, run: () => dropExpiredKeys(deps) },
];

/** What accounts does without being asked by a person. */
export const buildWorker = (deps: Deps) =>
  createWorker<Tx>({
    subscriber: 'accounts',
    handlers: consumers(deps),
    lockFirst: lockAccounts,
    transact: deps.transact,
    runtime: deps.runtime,
    relay: deps.relay,
    jobs: jobs(deps),
  });
