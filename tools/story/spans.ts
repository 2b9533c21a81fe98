import { z } from 'zod';

const attributeShape = z.object({
  key: z.string(),
  value: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
const spanShape = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: z.array(attributeShape),
  status: z.object({ code: z.number(), message: z.string().optional() }),
});
const documentShape = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attributeShape) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanShape) })),
    }),
  ),
});

export type Span = Omit<z.infer<typeof spanShape>, 'attributes' | 'parentSpanId'> & {
  readonly service: string;
  readonly parentSpanId: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
};

const valuesOf = (attributes: readonly z.infer<typeof attributeShape>[]) =>
  Object.fromEntries(
    attributes.flatMap(({ key, value }) => Object.values(value).map((one) => [key, one] as const)),
  );

const milliseconds = (nanos: string): number => Number(BigInt(nanos) / 1_000n) / 1_000;

/** The spans of one line of a trace file. Throws on a line that is no OTLP in JSON. */
export const spansIn = (line: string): readonly Span[] =>
  documentShape.parse(JSON.parse(line)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...{ ...span, service, parentSpanId: span.parentSpanId ?? null },
        attributes: valuesOf(span.attributes),
        startMs: milliseconds(span.startTimeUnixNano),
        endMs: milliseconds(span.endTimeUnixNano),
      })),
    );
  });

type Placed = { readonly span: Span; readonly depth: number };

/** Every span under its parent, in the order in which they began; lost parents leave roots. */
function treeOf(spans: readonly Span[]): readonly Placed[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const sorted = spans.toSorted((one, other) => one.startMs - other.startMs);
  const under = (parent: string | null, depth: number): readonly Placed[] =>
    sorted
      .filter(({ parentSpanId }) =>
        parent === null ? !known.has(parentSpanId ?? '') : parentSpanId === parent,
      )
      .flatMap((span) => [{ span, depth }, ...under(span.spanId, depth + 1)]);
  return under(null, 0);
}

const timeWidth = 9;

/** One line a span: when it began after the first one, how long it took, whose it is. */
export function treeText(spans: readonly Span[]): string {
  const tree = treeOf(spans);
  const beganMs = Math.min(...spans.map(({ startMs }) => startMs));
  const ms = (value: number) => value.toFixed(1).padStart(timeWidth);
  const lines = tree.map(({ span, depth }) => {
    const error = span.attributes['error.type'];
    const what = `${'  '.repeat(depth)}${span.service}: ${span.name}`;
    const times = `${ms(span.startMs - beganMs)} ${ms(span.endMs - span.startMs)}`;
    return `${times}   ${what}${error === undefined ? '' : ` (${error})`}`;
  });
  const head = `${'at ms'.padStart(timeWidth)} ${'took ms'.padStart(timeWidth)}`;
  return `${[head, ...lines].join('\n')}\n`;
}
