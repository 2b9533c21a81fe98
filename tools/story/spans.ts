import type { Span } from '@simplebank/chassis/read-spans';

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
