import { Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import { priceDecimals, quantityDecimals } from '@simplebank/kernel/money';
import { z } from 'zod';

/** What the venue answers, as it is documented; whatever differs is not believed. */

const answersMax = 1_000;
const text = z.string().min(1).max(200);
const digits = z.string().regex(/^\d{1,13}(\.\d{1,15})?$/);
/** With no more decimals than are kept: rounded, it would not be what the venue traded. */
const decimal = (decimalsMax: number) =>
  digits
    .transform((text) => new Decimal(text))
    .refine((value) => value.greaterThan(0) && decimalsOf(value) <= decimalsMax);
const quantity = decimal(quantityDecimals);
const price = decimal(priceDecimals);
const at = z.iso.datetime().transform((instant) => new Date(instant));
const clientId = z.uuid();

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ACKNOWLEDGED'), clientId, venueOrderId: text, at }),
  z.object({ kind: z.literal('REJECTED'), clientId, reason: text }),
]);
export const Answers = z.object({ answers: z.array(answer).max(answersMax) });

export const CancelAnswers = z.object({
  answers: z.array(z.object({ clientId, accepted: z.boolean() })).max(answersMax),
});

const rebase = { clientId, actionId: z.uuid() };
const replaceAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('REPLACED'), ...rebase, quantity: quantity.nullable() }),
  z.object({ kind: z.literal('ENDED'), ...rebase }),
]);
export const ReplaceAnswers = z.object({ answers: z.array(replaceAnswer).max(answersMax) });

const about = { clientId, venueOrderId: text, at };
const report = z.discriminatedUnion('kind', [
  z.object({
    ...{ kind: z.literal('EXECUTED'), ...about },
    ...{ executionId: text, quantity, price },
  }),
  z.object({
    ...{ kind: z.literal('ENDED'), ...about },
    outcome: z.enum(['FILLED', 'CANCELED', 'EXPIRED']),
  }),
]);
export const Reports = z.object({
  /** Duplicates come on top of a page's thousand. */
  reports: z.array(report).max(2 * answersMax),
  resumePoint: z.string().max(200),
});

const sizes = { bidSize: quantity.nullish(), askSize: quantity.nullish() };
const quote = z.object({ symbol: text, bid: price, ask: price, last: price, ...sizes });
export const Quotes = z.object({ quotes: z.array(quote).max(2 * answersMax) });
