import type { Keys } from '../../tools/embedded/keys.ts';
import type { ProcessSet } from './processes.ts';

export type Mode = 'embedded' | 'distributed';

/** A bank that runs and is measured. */
export type RunningBank = {
  readonly webUrl: string;
  /** Doors that its staff need, by process name. */
  readonly urls: Readonly<Record<'accounts' | 'federation', string>>;
  readonly keys: Pick<Keys, 'assertionPrivateKey'>;
  readonly processes: ProcessSet;
  /** Where each program serves its metrics, by the names of `processes.programs`. */
  readonly operations: Readonly<Record<string, string>>;
  /** From the start of its programs until all of them were ready, in milliseconds. */
  readonly readyMs: number;
  /** Stops the programs; the data stays. */
  stop(): Promise<void>;
};

/** A bank of a mode with data of its own, which may be started again and again. */
export type MeasuredBank = {
  readonly mode: Mode;
  /** The server of its databases, as superuser; known once it was started. */
  adminUrl(): string;
  start(): Promise<RunningBank>;
  /** What the independent reconciler finds while it runs; throws on drift. */
  booksAgree(): Promise<string>;
  /** After `stop`: throws the data away. */
  close(): Promise<void>;
};

/** No demo customers, so that both modes hold the same; quick sign-ins: none is measured. */
export const benchEnvironment = { SIMPLEBANK_DEMO: 'off', ACCOUNTS_SCRYPT_COST: '12' } as const;
