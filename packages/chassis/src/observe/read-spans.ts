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
