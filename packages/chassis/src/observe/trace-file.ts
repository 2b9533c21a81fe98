import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import { spanLine } from './otlp-line.ts';

const done = 0;
const failed = 1;

/** Several processes may add to one file: each batch is one write at its end. */
export function fileExporter(file: string): SpanExporter {
  const made = mkdir(dirname(file), { recursive: true });
  // A folder that cannot be made is told by the first write.
  made.catch(() => undefined);
  return {
    export(spans, tell) {
      const text = spans.map((span) => `${spanLine(span)}\n`).join('');
      made
        .then(() => appendFile(file, text, { mode: 0o600 }))
        .then(
          () => tell({ code: done }),
          (error: Error) => tell({ code: failed, error }),
        );
    },
    shutdown: async () => {},
  };
}
