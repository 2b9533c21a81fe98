import { z } from 'zod';

/** As many digits as NUMERIC(28,9) and NUMERIC(18,12) hold. */
const plainDecimal = /^-?(0|[1-9]\d{0,18})(\.\d{1,12})?$/;

export const decimal = z.string().regex(plainDecimal);
export const currency = z.string().length(3);
export const instant = z.iso.datetime({ precision: 3 });
export const localDate = z.iso.date();
/** Such as `2026-10`. */
export const localMonth = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

/** One kind of event: its wire name and the shape of what it says. */
export type EventContract<Name extends string = string, Payload = unknown> = {
  readonly name: Name;
  readonly payload: z.ZodType<Payload>;
};
export type PayloadOf<C> = C extends EventContract<string, infer Payload> ? Payload : never;

/** Wire names are `<context>.<past-tense>.v<N>`. Add optional fields; all else is a new version. */
export const event = <Name extends `${string}.${string}.v${number}`, Payload>(
  name: Name,
  payload: z.ZodType<Payload>,
): EventContract<Name, Payload> => ({ name, payload });

export const envelopeShape = z.object({
  eventId: z.uuid(),
  type: z.string().min(1),
  aggregateId: z.string().min(1),
  aggregateVersion: z.number().int().positive(),
  occurredAt: instant,
  correlationId: z.string().min(1).max(128),
  causationId: z.string().nullable(),
  traceparent: z.string().nullable(),
  payload: z.unknown(),
});

/** How every event travels; nothing rewrites it on its way (OPS-19). */
export type Envelope<Payload = unknown> = Omit<
  z.infer<typeof envelopeShape>,
  'payload' | 'aggregateVersion'
> & { readonly aggregateVersion: number; readonly payload: Payload };

/** What led to a change: a request of a caller, or an event. Its ids travel with every fact. */
export type Cause = {
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly traceparent: string | null;
};

/** A fact ready to be published: an envelope before it has an id and a time. */
export type Fact<Payload = unknown> = {
  readonly contract: EventContract<string, Payload>;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly payload: Payload;
  readonly cause: Cause;
};

/** The cause of whatever a handler does about this event. */
export const causedBy = ({ eventId, correlationId, traceparent }: Envelope): Cause => ({
  correlationId,
  causationId: eventId,
  traceparent,
});
