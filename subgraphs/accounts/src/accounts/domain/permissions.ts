import { type AccountStatus, accountStatuses } from './transitions.ts';

export type Activity = 'deposit' | 'withdraw' | 'buy' | 'sell' | 'cancelOrder';
export type Permission = 'yes' | 'no' | 'staff only';

const nothing = {
  deposit: 'no',
  withdraw: 'no',
  buy: 'no',
  sell: 'no',
  cancelOrder: 'no',
} as const;

/** What an account may do in each state (domain §2.3, second table). Running business is booked. */
export const permissions: Readonly<Record<AccountStatus, Readonly<Record<Activity, Permission>>>> =
  {
    ACTIVE: { deposit: 'yes', withdraw: 'yes', buy: 'yes', sell: 'yes', cancelOrder: 'yes' },
    LIMITED: { deposit: 'yes', withdraw: 'no', buy: 'no', sell: 'yes', cancelOrder: 'yes' },
    CLOSING: { deposit: 'no', withdraw: 'yes', buy: 'no', sell: 'yes', cancelOrder: 'yes' },
    FROZEN: { ...nothing, cancelOrder: 'staff only' },
    ONBOARDING: nothing,
    SUBMITTED: nothing,
    ACTION_REQUIRED: nothing,
    REJECTED: nothing,
    CLOSED: nothing,
  };

export const mayCustomer = (status: AccountStatus, activity: Activity): boolean =>
  permissions[status][activity] === 'yes';

/** The states in which a customer may do this. */
export const statesAllowing = (activity: Activity): readonly AccountStatus[] =>
  accountStatuses.filter((status) => mayCustomer(status, activity));
