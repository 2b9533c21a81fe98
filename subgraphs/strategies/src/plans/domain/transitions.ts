export const planStates = ['ACTIVE', 'PAUSED', 'CANCELED', 'ENDED'] as const;
export type PlanState = (typeof planStates)[number];

/** Domain §6.3; a trigger holds the same table. */
export const planTransitions: Readonly<Record<PlanState, readonly PlanState[]>> = {
  ACTIVE: ['PAUSED', 'CANCELED', 'ENDED'],
  PAUSED: ['ACTIVE', 'CANCELED'],
  CANCELED: [],
  ENDED: [],
};

export const runStates = ['DUE', 'FUNDING', 'INVESTING', 'COMPLETED', 'SKIPPED', 'FAILED'] as const;
export type RunState = (typeof runStates)[number];

/** Domain §6.3; a run that uses cash goes without FUNDING. A trigger holds the same table. */
export const runTransitions: Readonly<Record<RunState, readonly RunState[]>> = {
  DUE: ['FUNDING', 'INVESTING', 'SKIPPED', 'FAILED'],
  FUNDING: ['INVESTING', 'SKIPPED', 'FAILED'],
  INVESTING: ['COMPLETED'],
  COMPLETED: [],
  SKIPPED: [],
  FAILED: [],
};

export const mayBecome = (from: PlanState, to: PlanState): boolean =>
  planTransitions[from].includes(to);
