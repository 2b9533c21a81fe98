import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** One line of a log, as some process wrote it. */
export type LogLine = Readonly<Record<string, unknown>>;

/** What a line is found by: the request id of a story, or the trace that it belongs to. */
const ids = ['request_id', 'trace_id'] as const;

const timeOf = (line: LogLine): string => String(line['@timestamp'] ?? '');

/** Lines that are no JSON, such as what a library printed, belong to no story. */
function parsed(text: string): LogLine | null {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null ? (line as LogLine) : null;
  } catch {
    return null;
  }
}

/** The lines of one story in these files, oldest first. Throws when a file cannot be read. */
export async function linesOf(files: readonly string[], id: string): Promise<readonly LogLine[]> {
  const found: LogLine[] = [];
  for (const file of files) {
    for await (const text of createInterface({ input: createReadStream(file) })) {
      // Cheaper than to parse what belongs to others.
      if (!text.includes(id)) continue;
      const line = parsed(text);
      if (line && ids.some((name) => line[name] === id)) found.push(line);
    }
  }
  return inOrder(found);
}

const inOrder = (lines: readonly LogLine[]): readonly LogLine[] =>
  lines.toSorted((one, other) => (timeOf(one) < timeOf(other) ? -1 : 1));

/** What every line has, or what is read elsewhere. */
const usual: ReadonlySet<string> = new Set([
  ...['@timestamp', '@version', 'message', 'levelname', 'levelno', 'service', 'version'],
  ...['git_commit', 'env', 'source_host', 'type', 'process', 'module', 'stack_info'],
  ...['request_id', 'trace_id', 'span_id'],
]);

const processWidth = 14;
const messageWidth = 18;

/** Time, process, what happened, and the fields that only this line has. */
export function readable(line: LogLine): string {
  const time = timeOf(line).slice(11, 23);
  const fields = Object.entries(line)
    .filter(([name]) => !usual.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const level = line['levelname'] === 'INFO' ? '' : `${String(line['levelname'])} `;
  const who = String(line['service']).padEnd(processWidth);
  const what = `${level}${String(line['message'])}`.padEnd(messageWidth);
  return [time, who, what, fields.join(' ')].join('  ').trimEnd();
}
