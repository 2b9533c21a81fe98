import { createHash } from 'node:crypto';
import { writeTraceparent } from './traceparent.ts';

/** As OpenTelemetry tells them apart. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/**
 * Never a variable, a header or anything personal (OPS-81): names of processes, operations, events
 * and peers, codes, counts, and the ids of orders and events.
 */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export type SpanStart = {
  /** The process whose span it is. */
  readonly service: string;
  /** From a bounded set of names; never a text that a caller chose. */
  readonly name: string;
  readonly kind: SpanKind;
  /** What caused it, as a `traceparent`; without one it begins a trace. */
  readonly parent: string | null;
  readonly attributes?: SpanAttributes;
  /** When it began, in milliseconds since 1970; now unless told. */
  readonly startedAtMs?: number;
};

export type SpanEnd = {
  /** A code such as TIMEOUT; its presence marks the span as failed. */
  readonly error?: string | undefined;
  readonly attributes?: SpanAttributes;
};

export type OpenSpan = {
  /** What this span causes has it as its parent. Null when nothing is traced and nothing was. */
  readonly traceparent: string | null;
  /** To be called once. */
  readonly end: (ending?: SpanEnd) => void;
};

/** What records spans; there is one per operating-system process, or none. */
export type SpanBackend = (start: SpanStart) => OpenSpan;

let backend: SpanBackend | null = null;
let percent = 0;
const ignored = () => {};

export function recordSpansWith(next: SpanBackend | null, samplePercent = 100): void {
  backend = next;
  percent = next ? samplePercent : 0;
}

/**
 * The trace of work that nobody asked for, such as a job's: whatever has this correlation id is in
 * it, on every instance. It begins with the first event, which has no span above it.
 */
export function traceOfStory(correlationId: string): string {
  const hash = createHash('sha256').update(correlationId).digest('hex');
  const traceId = hash.slice(0, 32);
  const sampled = Number.parseInt(hash.slice(48, 56), 16) % 100 < percent;
  return writeTraceparent({ traceId, spanId: hash.slice(32, 48), sampled });
}

/** Whether spans are recorded: asked before work that only a span needs. */
export const isTracing = (): boolean => backend !== null;

/** Without a backend it costs one small object, and the parent stays the parent of what follows. */
export const openSpan = (start: SpanStart): OpenSpan =>
  backend ? backend(start) : { traceparent: start.parent, end: ignored };

/** Runs `work` inside a span. The span's error is the `code` of what is thrown, else ERROR. */
export async function inSpan<T>(
  start: SpanStart,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  const span = openSpan(start);
  try {
    const result = await work(span);
    span.end();
    return result;
  } catch (error) {
    span.end({ error: spanErrorOf(error) });
    throw error;
  }
}

const codePattern = /^[A-Z][A-Z0-9_]{1,63}$/;

/** A code in capitals is a name of ours or of Node's; a message may hold anything. */
export function spanErrorOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && codePattern.test(code) ? code : 'ERROR';
}
