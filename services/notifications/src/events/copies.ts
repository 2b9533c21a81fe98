import { type Handler, handler } from '@simplebank/chassis/consumer';
import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  CustomerRegisteredV1,
} from '@simplebank/contracts/accounts';
import type { Tx } from '../data/client.ts';
import { keepAccounts } from './on-account-events.ts';
import { onCustomerRegistered } from './on-customer-registered.ts';

/**
 * What keeps copies of others and does nothing else: the highest version wins, nothing is
 * published, nobody is called. These may be applied again, whatever the inbox says (ADR 0025).
 */
export const copyHandlers: readonly Handler<Tx>[] = [
  handler(CustomerRegisteredV1, onCustomerRegistered),
  handler(AccountOpenedV1, keepAccounts),
  handler(AccountStatusChangedV1, keepAccounts),
];
