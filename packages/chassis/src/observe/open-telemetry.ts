import {
  SpanKind as Kind,
  ROOT_CONTEXT,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import { spanLine } from './otlp-line.ts';
import type { OpenSpan, SpanBackend, SpanKind, SpanStart } from './spans.ts';
import { fileExporter } from './trace-file.ts';
import { readTraceparent, writeTraceparent } from './traceparent.ts';
import type { TracingOptions } from './tracing.ts';

const kinds: Readonly<Record<SpanKind, Kind>> = {
  internal: Kind.INTERNAL,
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
};

/** Spans wait this long to be sent together. */
const sendEveryMs = 500;
const sendMsMax = 3_000;
const waitingMax = 20_000;
const batching = {
  scheduledDelayMillis: sendEveryMs,
  exportTimeoutMillis: sendMsMax,
  maxQueueSize: waitingMax,
};

const sampledFlag = 1;
/** Texts of ours are short; one that is not was not meant for a span. */
const attributeCharsMax = 200;

type Backend = { readonly open: SpanBackend; readonly close: () => Promise<void> };

/**
 * OpenTelemetry's SDK behind our spans. Each process of the bank has a tracer with its own
 * `service.name`, also where several share an operating-system process; all share the exporters.
 */
export function openBackend(options: TracingOptions): Backend {
  const { version, env, samplePercent = 100 } = options;
  const spanProcessors = processorsOf(options);
  const sampler = new ParentBasedSampler({
    root: new TraceIdRatioBasedSampler(samplePercent / 100),
  });
  const tracers = new Map<string, Tracer>();
  const open = (service: string): Tracer => {
    const resource = resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      'deployment.environment.name': env,
    });
    const spanLimits = { attributeValueLengthLimit: attributeCharsMax };
    const provider = new BasicTracerProvider({ resource, sampler, spanProcessors, spanLimits });
    const tracer = provider.getTracer('simplebank', version);
    tracers.set(service, tracer);
    return tracer;
  };
  return {
    open: (start) => begin(tracers.get(start.service) ?? open(start.service), start),
    close: () => closeWithin(spanProcessors),
  };
}

function begin(tracer: Tracer, start: SpanStart): OpenSpan {
  const { name, kind, attributes = {}, startedAtMs } = start;
  const span = tracer.startSpan(
    name,
    {
      kind: kinds[kind],
      attributes,
      ...(startedAtMs === undefined ? {} : { startTime: startedAtMs }),
    },
    parentOf(start),
  );
  const { traceId, spanId, traceFlags } = span.spanContext();
  const sampled = (traceFlags & sampledFlag) === sampledFlag;
  return {
    traceparent: writeTraceparent({ traceId, spanId, sampled }),
    end: ({ error, attributes: last } = {}) => {
      if (last) span.setAttributes(last);
      if (error !== undefined) {
        span.setAttribute('error.type', error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      }
      span.end();
    },
  };
}

function parentOf({ parent }: SpanStart) {
  const ids = readTraceparent(parent);
  if (!ids) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = ids;
  const traceFlags = sampled ? sampledFlag : 0;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function processorsOf({ otlpUrl, file, collect }: TracingOptions): SpanProcessor[] {
  const traces = otlpUrl && `${otlpUrl.replace(/\/+$/, '')}/v1/traces`;
  return [
    ...(traces ? [new BatchSpanProcessor(new OTLPTraceExporter({ url: traces }), batching)] : []),
    ...(file ? [new BatchSpanProcessor(fileExporter(file), batching)] : []),
    ...(collect ? [collecting(collect)] : []),
  ];
}

const collecting = (collect: (line: string) => void): SpanProcessor => ({
  onStart: () => {},
  onEnd: (span) => collect(spanLine(span)),
  forceFlush: async () => {},
  shutdown: async () => {},
});

/** What cannot be sent in time is lost: a receiver that is away must not hold a process up. */
async function closeWithin(processors: readonly SpanProcessor[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, sendMsMax);
  });
  await Promise.race([Promise.allSettled(processors.map((one) => one.shutdown())), late]);
  clearTimeout(timer);
}
