/** Who asks, in the order of the letters of a row. */
export const askers = [
  'anonymous',
  'customer',
  'otherCustomer',
  'support',
  'operations',
  'service',
] as const;
export type Asker = (typeof askers)[number];

/**
 * What a row says, a letter for each asker who names what belongs to `customer`:
 * Y answered (a success, or a refusal that states a fact and not a missing right), N null as for
 * something unknown, 0 NOT_FOUND, F FORBIDDEN, U UNAUTHENTICATED, B BAD_INPUT, H the schema of this
 * gateway has no such field.
 */
export type Letters = string;

/** `gateway`: web for customers, federation for staff. `subgraph`: behind it, by an assertion. */
export type Row = {
  readonly gateway: Letters;
  readonly subgraph: Letters;
  /** Of a subscription, which is told at the web gateway alone: a letter for each of its askers. */
  readonly stream?: Letters;
};
export type Matrix = Readonly<Record<string, Row>>;

/** Open to everybody; the federation gateway lets in staff only. */
export const open: Row = { gateway: 'YYYYYF', subgraph: 'YYYYYY' };
/** One's own, told apart by who asks and not by what is named. */
export const own: Row = { gateway: 'UYYYYF', subgraph: 'UYYYYY' };
export const staffReads: Row = { gateway: 'HHHYYF', subgraph: 'UFFYYF' };
/** A command of operations. */
export const operations: Row = { gateway: 'HHHFYF', subgraph: 'UFFFYF' };
/** The same about a thing that does not exist: who may ask learns that, nobody else. */
export const operationsUnknown: Row = { gateway: 'HHHF0F', subgraph: 'UFFF0F' };
/** By id: the owner and staff see it, for all others it does not exist. */
export const byId: Row = { gateway: 'UYNYYF', subgraph: 'UYNYYN' };
/** A command about a thing of the customer, which is nobody else's to command. */
export const ofOwner: Row = { gateway: 'UY000F', subgraph: 'UY0000' };
/** Who meets a subscription: the gateways of customers tell it, that of staff does not. */
export const followers = ['anonymous', 'customer', 'otherCustomer'] as const;
const asQuestion = { gateway: 'BBBBBB', subgraph: 'BBBBBB' };
/** Live updates about a thing of the customer; asked as a question they are refused everywhere. */
export const live: Row = { ...asQuestion, stream: 'UY0' };
/** Live updates for everybody. */
export const liveForAll: Row = { ...asQuestion, stream: 'YYY' };
