import { createHash } from 'node:crypto';
import { type Envelope, type EventContract, envelopeShape } from '@simplebank/contracts/event';
import { isUuid } from '@simplebank/kernel/ids';
import type { Delivered } from './parked.ts';

export type Readable = Delivered & { readonly envelope: Envelope };
/** An event that breaks its schema; `error` says where. No later attempt can mend it. */
export type Unreadable = Delivered & { readonly error: string };
export type Incoming = Readable | Unreadable;

export const isReadable = (event: Incoming): event is Readable => 'envelope' in event;

/** Reads one event by its contract: unknown fields are ignored, the others must be right. */
export function readEvent(body: string, contracts: ReadonlyMap<string, EventContract>): Incoming {
  const raw = parseJson(body);
  const envelope = envelopeShape.safeParse(raw);
  if (!envelope.success) return unreadable(body, raw, envelope.error.message);
  const { eventId, type, aggregateId } = envelope.data;
  const contract = contracts.get(type);
  if (!contract) return unreadable(body, raw, `no handler for ${type}`);
  const payload = contract.payload.safeParse(envelope.data.payload);
  if (!payload.success) return unreadable(body, raw, payload.error.message);
  const read = { ...envelope.data, payload: payload.data } as Envelope;
  return { eventId: eventId.toLowerCase(), type, aggregateId, body, envelope: read };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Keeps whatever can be told of it. Without an id of its own, equal bytes get an equal one. */
function unreadable(body: string, raw: unknown, error: string): Unreadable {
  const fields = typeof raw === 'object' && raw !== null ? raw : {};
  const text = (key: string): string | null => {
    const value: unknown = Reflect.get(fields, key);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const ownId = text('eventId')?.toLowerCase() ?? '';
  const eventId = isUuid(ownId) ? ownId : uuidOf(body);
  const type = text('type') ?? 'unreadable';
  return { eventId, type, aggregateId: text('aggregateId') ?? eventId, body, error };
}

/** A version 8 UUID made of the hash. */
function uuidOf(body: string): string {
  const hex = createHash('sha256').update(body).digest('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...groups, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
