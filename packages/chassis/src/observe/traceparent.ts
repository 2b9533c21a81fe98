import { randomUUID } from 'node:crypto';

/** What a `traceparent` says (W3C Trace Context, version 00). */
export type TraceIds = {
  readonly traceId: string;
  readonly spanId: string;
  /** Whoever began the trace has its spans recorded. */
  readonly sampled: boolean;
};

export const traceparentHeader = 'traceparent';

const pattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const sampledBit = 1;

/** Null for anything but a well-formed traceparent with ids that are not all zeros. */
export function readTraceparent(value: unknown): TraceIds | null {
  const [, traceId, spanId, flags] = (typeof value === 'string' && pattern.exec(value)) || [];
  if (!traceId || !spanId || !flags) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & sampledBit) === sampledBit };
}

export const writeTraceparent = ({ traceId, spanId, sampled }: TraceIds): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;

/** Begins a trace that nobody records: its id still joins log lines and events. */
export function newTraceparent(): string {
  const traceId = randomUUID().replaceAll('-', '');
  return writeTraceparent({ traceId, spanId: traceId.slice(16), sampled: false });
}
