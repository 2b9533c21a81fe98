export const runStatuses = [
  'QUEUED',
  'SELLING',
  'BUYING',
  'COMPLETED',
  'COMPLETED_ADJUSTED',
  'CANCELED',
  'CANCELED_MID_RUN',
  'FAILED',
  'TIMED_OUT',
] as const;
export type RunStatus = (typeof runStatuses)[number];

/** What can happen to a run; each leads to one state at most from any other. */
export const runEvents = [
  'RECORD',
  'SELL',
  'BUY',
  'COMPLETE',
  'ADJUST',
  'CANCEL',
  'FAIL',
  'TIME_OUT',
] as const;
export type RunEvent = (typeof runEvents)[number];

/** The state before a run exists. */
export type RunOrigin = RunStatus | 'NONE';
export type RunTransition = readonly [from: RunOrigin, event: RunEvent, to: RunStatus];

/** The table of domain §6.4. The database has the same rows and refuses everything else. */
export const runTransitions: readonly RunTransition[] = [
  ['NONE', 'RECORD', 'QUEUED'],
  ['QUEUED', 'SELL', 'SELLING'],
  ['QUEUED', 'BUY', 'BUYING'],
  ['QUEUED', 'CANCEL', 'CANCELED'],
  ['QUEUED', 'FAIL', 'FAILED'],
  ['QUEUED', 'TIME_OUT', 'TIMED_OUT'],
  ['SELLING', 'BUY', 'BUYING'],
  ['SELLING', 'CANCEL', 'CANCELED_MID_RUN'],
  ['SELLING', 'FAIL', 'FAILED'],
  ['SELLING', 'TIME_OUT', 'TIMED_OUT'],
  ['BUYING', 'COMPLETE', 'COMPLETED'],
  ['BUYING', 'ADJUST', 'COMPLETED_ADJUSTED'],
  ['BUYING', 'CANCEL', 'CANCELED_MID_RUN'],
  ['BUYING', 'FAIL', 'FAILED'],
  ['BUYING', 'TIME_OUT', 'TIMED_OUT'],
];

/** Null when the pair is illegal. */
export const targetOf = (from: RunOrigin, event: RunEvent): RunStatus | null =>
  runTransitions.find(([origin, named]) => origin === from && named === event)?.[2] ?? null;

export type EndStatus = Exclude<RunStatus, 'QUEUED' | 'SELLING' | 'BUYING'>;

/** The status as an end; null while the run is open. */
export const endOf = (status: RunStatus): EndStatus | null =>
  status === 'QUEUED' || status === 'SELLING' || status === 'BUYING' ? null : status;
