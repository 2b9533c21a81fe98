import { z } from 'zod';

const uuid = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;
const uuidOrNumber =
  /^([1-9]\d{0,17}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$/;

const expectedId = 'expected a UUID or a number';

/** An id as callers write it: UUID or number, which may come as a JSON number. */
export const idText = z
  .union(
    [
      z.string().regex(uuidOrNumber, expectedId),
      z.int(expectedId).positive(expectedId).transform(String),
    ],
    expectedId,
  )
  .describe('A UUID or a number.');

const assetCharsMax = 36;
const expectedAsset = 'expected a UUID or a symbol';

/** An asset as callers write it. */
export const assetText = z
  .string(expectedAsset)
  .min(1, expectedAsset)
  .max(assetCharsMax, expectedAsset)
  .describe('A UUID or a symbol.');

/** More significant digits than this a JSON number cannot carry without loss. */
const exactDigitsMax = 15;
const plainNumber = /^\d+(\.\d+)?$/;
const amountCharsMax = 40;

/** An amount as number or as string, kept as text; a number that lost digits is refused. */
export const amountText = z
  .union([
    z.string().min(1).max(amountCharsMax),
    z
      .number()
      .transform(String)
      .refine((text) => plainNumber.test(text) && text.replace('.', '').length <= exactDigitsMax, {
        message: 'send a number this large or this small as a string',
      }),
  ])
  .describe('A decimal number, as text or as a JSON number.');

const sayKey = 'send the header Idempotency-Key, the same one with each retry';

/** Required where money, positions or orders change (domain §1). */
export const idempotencyKey = z
  .string(sayKey)
  .regex(/^[\x20-\x7e]{1,128}$/, 'the header Idempotency-Key takes 1 to 128 printable characters')
  .describe('1 to 128 printable characters; the same one with each retry of one command.');

const pageSizeMax = 100;
const pageSizeUsual = 20;

/** How many things a page has. */
export const pageSize = z.coerce
  .number()
  .int()
  .min(1)
  .max(pageSizeMax)
  .default(pageSizeUsual)
  .describe('How many at once.');

/** What an answer says: the number where the entity has one, else its UUID. */
export const uuidShown = z.string().regex(uuid).meta({ format: 'uuid' });
export const idShown = z.union([z.int().positive(), uuidShown]);
export const decimalShown = z.string().regex(/^-?\d+(\.\d+)?$/);
export const instantShown = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .meta({ format: 'date-time' });

/** A public number as JSON has numbers; the UUID while the number is not known. */
export const shownId = (number: string | null | undefined, id: string): number | string =>
  number ? Number(number) : id;

const listMax = 100;

/** Text with commas as a list; at most a hundred of them. */
export function listOf(one: z.ZodType<string>, what: string) {
  const wanted = `name ${what} with commas between them`;
  return z
    .string(wanted)
    .min(1, wanted)
    .transform((text, { addIssue }): readonly string[] => {
      const read = text.split(',').map((part) => one.safeParse(part.trim()));
      const wrong = read.find(({ success }) => !success)?.error;
      if (wrong) addIssue(wrong.issues[0]?.message ?? wanted);
      if (read.length > listMax) addIssue(`at most ${listMax} ${what} at once`);
      return read.flatMap(({ data }) => data ?? []);
    });
}
