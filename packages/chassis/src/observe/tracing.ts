import { z } from 'zod';
import { count, url } from '../process/config.ts';
import { recordSpansWith } from './spans.ts';

/** The variables of tracing, for whoever reads an environment. */
export const tracingShape = {
  /** Base address of an OTLP receiver over HTTP, such as http://collector:4318. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  /** A file to which spans are added, one OTLP JSON document a line. */
  TRACE_FILE: z.string().min(1).max(4_096).optional(),
  /** Of the traces that begin here; what was begun elsewhere is followed. */
  TRACE_SAMPLE_PERCENT: count({ min: 0, max: 100 }).default(100),
};

export type TracingOptions = {
  /** Which build runs and where. */
  readonly version: string;
  readonly env: string;
  /** 0 to 100, of traces that begin in this process; 100 unless told. */
  readonly samplePercent?: number | undefined;
  readonly otlpUrl?: string | undefined;
  readonly file?: string | undefined;
  /** Is given each span as the line that the file would get, at once: for tests. */
  readonly collect?: ((line: string) => void) | undefined;
};

export type Tracing = {
  /** Sends what waits and records no more. Never rejects and takes 3 s at most. */
  close(): Promise<void>;
};

const noTracing: Tracing = { close: async () => {} };

/** The settings that an environment has read by `tracingShape`. */
export const tracingOptionsOf = (
  config: z.infer<z.ZodObject<typeof tracingShape>>,
  source: Pick<TracingOptions, 'version' | 'env'>,
): TracingOptions => ({
  ...source,
  samplePercent: config.TRACE_SAMPLE_PERCENT,
  otlpUrl: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  file: config.TRACE_FILE,
});

/**
 * Records the spans of this operating-system process, whichever parts of the bank run in it. With
 * nowhere to send them nothing is loaded and nothing is recorded; ids of traces still travel.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  if (!options.otlpUrl && !options.file && !options.collect) return noTracing;
  const { openBackend } = await import('./open-telemetry.ts');
  const { open, close } = openBackend(options);
  recordSpansWith(open, options.samplePercent);
  return {
    close: async () => {
      recordSpansWith(null);
      await close();
    },
  };
}
