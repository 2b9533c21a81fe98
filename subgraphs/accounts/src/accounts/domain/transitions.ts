export const accountStatuses = [
  'ONBOARDING',
  'SUBMITTED',
  'ACTION_REQUIRED',
  'REJECTED',
  'ACTIVE',
  'LIMITED',
  'FROZEN',
  'CLOSING',
  'CLOSED',
] as const;
export type AccountStatus = (typeof accountStatuses)[number];

export const triggers = [
  'OPEN',
  'SUBMIT',
  'RESUBMIT',
  'OWNERS_ACCEPTED',
  'ACTION_NEEDED',
  'OWNER_REJECTED',
  'DEBT',
  'DEBT_REPAID',
  'LIMIT',
  'LIFT_LIMIT',
  'FREEZE',
  'UNFREEZE',
  'CLOSE',
  'REOPEN',
  'SETTLED_UP',
] as const;
export type Trigger = (typeof triggers)[number];

export type Transition = {
  /** NONE: the account does not exist yet. */
  readonly from: AccountStatus | 'NONE';
  readonly trigger: Trigger;
  readonly to: AccountStatus;
};

/** The first table of domain §2.3. The database has the same rows and refuses everything else. */
export const transitions: readonly Transition[] = [
  { from: 'NONE', trigger: 'OPEN', to: 'ONBOARDING' },
  { from: 'ONBOARDING', trigger: 'SUBMIT', to: 'SUBMITTED' },
  { from: 'SUBMITTED', trigger: 'OWNERS_ACCEPTED', to: 'ACTIVE' },
  { from: 'SUBMITTED', trigger: 'ACTION_NEEDED', to: 'ACTION_REQUIRED' },
  { from: 'SUBMITTED', trigger: 'OWNER_REJECTED', to: 'REJECTED' },
  { from: 'ACTION_REQUIRED', trigger: 'RESUBMIT', to: 'SUBMITTED' },
  { from: 'ACTION_REQUIRED', trigger: 'OWNER_REJECTED', to: 'REJECTED' },
  { from: 'ACTIVE', trigger: 'DEBT', to: 'LIMITED' },
  { from: 'ACTIVE', trigger: 'LIMIT', to: 'LIMITED' },
  { from: 'ACTIVE', trigger: 'FREEZE', to: 'FROZEN' },
  { from: 'ACTIVE', trigger: 'CLOSE', to: 'CLOSING' },
  { from: 'LIMITED', trigger: 'DEBT_REPAID', to: 'ACTIVE' },
  { from: 'LIMITED', trigger: 'LIFT_LIMIT', to: 'ACTIVE' },
  { from: 'LIMITED', trigger: 'FREEZE', to: 'FROZEN' },
  { from: 'LIMITED', trigger: 'CLOSE', to: 'CLOSING' },
  { from: 'FROZEN', trigger: 'UNFREEZE', to: 'ACTIVE' },
  { from: 'FROZEN', trigger: 'UNFREEZE', to: 'LIMITED' },
  { from: 'FROZEN', trigger: 'UNFREEZE', to: 'CLOSING' },
  { from: 'CLOSING', trigger: 'FREEZE', to: 'FROZEN' },
  { from: 'CLOSING', trigger: 'REOPEN', to: 'ACTIVE' },
  { from: 'CLOSING', trigger: 'SETTLED_UP', to: 'CLOSED' },
];

/** Where a trigger can lead from here: one state, or several for UNFREEZE; none when illegal. */
export const targetsOf = (from: Transition['from'], trigger: Trigger): readonly AccountStatus[] =>
  transitions.filter((row) => row.from === from && row.trigger === trigger).map(({ to }) => to);
