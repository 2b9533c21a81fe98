import { aCustomer, verify } from '../builders.ts';
import type { Bank } from './bank.ts';

/** Asks the provider, lets time pass, and asks again. */
export async function passVerifications(bank: Bank, ms = 1_000): Promise<void> {
  await bank.runJob('advance-verifications');
  bank.clock.advance(ms);
  await bank.runJob('advance-verifications');
}

/** A customer whom the provider has answered by this legal name. */
export async function answered(bank: Bank, legalName: string) {
  const customer = await aCustomer(bank);
  await verify(bank, customer.viewer, legalName);
  await passVerifications(bank);
  return customer;
}

/** What staff says to a customer in review. */
export const askMore = `mutation ($input: RequestMoreInformationInput!) {
  requestMoreInformation(input: $input) {
    ... on RequestMoreInformationSuccess { customer { verification { status reasons } } } } }`;
