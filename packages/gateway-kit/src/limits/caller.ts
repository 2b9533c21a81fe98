import type { Story } from '../request/story.ts';
import { networkOf } from './address.ts';

/** Whom limits count: a principal by name, anybody else by address. */
export type Caller = { readonly key: string; readonly named: boolean };

export const callerOf = ({ viewer, address }: Pick<Story, 'viewer' | 'address'>): Caller =>
  viewer.kind === 'principal'
    ? { key: `p-${viewer.customerId}`, named: true }
    : { key: `a-${networkOf(address)}`, named: false };
