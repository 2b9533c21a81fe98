import type { Shared } from '@simplebank/chassis/shared';
import type { BankClient } from '../../tools/bank/client.ts';
import { startEmbedded } from './bank/embedded.ts';
import { joinFleet } from './bank/fleet.ts';

export { openDoors } from './bank/doors.ts';

/** How events travel in a test: in order and once, or shuffled by a seed and twice. */
export type Travel = { readonly seed?: number; readonly copies?: number };

export type LogLine = Readonly<Record<string, unknown>>;

/** A bank to be tested: all in this process, or each of its processes on its own. */
export type WholeBank = {
  readonly web: BankClient;
  readonly urls: Readonly<Record<string, string>>;
  /** What its processes read, for one more of them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Signed in as operations on the federation gateway. */
  readonly staff: BankClient;
  /** As the context's own role, and as the superuser. */
  readonly databases: Readonly<Record<string, { readonly url: string; readonly adminUrl: string }>>;
  /** Lines of every process so far, parsed. */
  readonly lines: () => Promise<readonly LogLine[]>;
  /** What its gateways share, for one more of them. */
  readonly shared: Shared;
  /** Stops a subgraph or a service until the end of the file. */
  readonly stop: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * True when the run of `npm run test:distributed` is on: then all files share one bank, and each
 * brings customers of its own.
 */
export const isDistributed = process.env['BANK'] === 'distributed';

/** What a test's title says when only the bank in one process can show it. */
export const embeddedOnly = (why: string): string => `(embedded only: ${why})`;

/** A bank with four assets to trade, with events as told. */
export const startWholeBank = (travel: Travel = {}): Promise<WholeBank> =>
  isDistributed ? joinFleet() : startEmbedded(travel);
