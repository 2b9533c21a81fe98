import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

const nanos = ([seconds, nanoseconds]: readonly [number, number]): string =>
  String(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));

function otlpValue(value: unknown) {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number') return { stringValue: String(value) };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const listOf = (attributes: Readonly<Record<string, unknown>>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }));

/** Only what says whose span it is; the SDK adds facts about the machine. */
const named = ({ attributes }: ReadableSpan['resource']) =>
  Object.fromEntries(
    ['service.name', 'service.version', 'deployment.environment.name'].flatMap((key) =>
      attributes[key] === undefined ? [] : [[key, attributes[key]]],
    ),
  );

/**
 * One span as one line of OTLP in JSON, as the collector's file exporter writes and its
 * `otlpjsonfile` receiver reads. Kinds of OTLP are one above those of the API.
 */
export function spanLine(span: ReadableSpan): string {
  const { traceId, spanId } = span.spanContext();
  const parentSpanId = span.parentSpanContext?.spanId;
  const told = {
    ...{ traceId, spanId, ...(parentSpanId ? { parentSpanId } : {}) },
    ...{ name: span.name, kind: span.kind + 1 },
    startTimeUnixNano: nanos(span.startTime),
    endTimeUnixNano: nanos(span.endTime),
    attributes: listOf(span.attributes),
    status: span.status,
  };
  const { name, version } = span.instrumentationScope;
  const scopeSpans = [{ scope: { name, version }, spans: [told] }];
  const resource = { attributes: listOf(named(span.resource)) };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] });
}
