import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { currentStory } from '../observe/story.ts';
import { ConfigError, type LogLevel, logLevels } from './config.ts';
import { cleanText, withoutSecrets } from './redaction.ts';
import { recordError } from './work-metrics.ts';

/** Structured lines: fields by the names of operations.md §6, and one sentence. */
export type Logger = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger whose lines all carry these fields too, `service` and `module` included. */
  child(fields: object): Logger;
};

/** Where lines go: stdout, unless an embedded run keeps them in a file. */
export type LogDestination = { write(line: string): void };

export type LoggerOptions = {
  readonly service: string;
  /** INFO unless told; anything but ERROR, WARN, INFO or DEBUG throws ConfigError. */
  readonly level?: string | undefined;
  readonly destination?: LogDestination | undefined;
  /** Which build runs and where; `unknown` and `development` unless told. */
  readonly source?: LogSource | undefined;
};
export type LogSource = {
  readonly version?: string | undefined;
  readonly gitCommit?: string | undefined;
  readonly env?: string | undefined;
};

const stdout = 1;
const levelNumbers: Readonly<Record<string, number>> = { error: 40, warn: 30, info: 20, debug: 10 };

/** Writes one JSON object per line; secrets are replaced wherever they stand in the fields. */
export function createLogger(options: LoggerOptions): Logger {
  const { service, level = 'INFO', destination, source = {} } = options;
  if (!isLogLevel(level)) {
    throw new ConfigError([`LOG_LEVEL: expected one of ${logLevels.join(', ')}`]);
  }
  const settings = {
    level: level.toLowerCase(),
    base: {
      '@version': '1',
      version: source.version ?? 'unknown',
      git_commit: source.gitCommit ?? 'unknown',
      env: source.env ?? 'development',
      source_host: hostname(),
      type: 'simplebank',
      process: String(process.pid),
    },
    timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
    messageKey: 'message',
    formatters: {
      level: (label: string) => ({
        levelname: label.toUpperCase(),
        levelno: levelNumbers[label] ?? 0,
      }),
    },
  };
  // Written at once: a line that waits for its turn is out of order, or lost, when a process exits.
  const lines = pino(settings, destination ?? pino.destination({ dest: stdout, sync: true }));
  return withFields(lines, { service, module: 'main' });
}

const isLogLevel = (text: string): text is LogLevel => logLevels.some((level) => level === text);

/**
 * Fields are merged here, because pino writes a key twice when a child repeats it. What the story
 * at hand is known by stands on each of its lines, whoever writes them.
 */
function withFields(lines: pino.Logger, own: object): Logger {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) =>
    lines.isLevelEnabled(level) &&
    lines[level](
      withoutSecrets({ ...own, ...currentStory()?.fields, ...fields }),
      cleanText(message),
    );
  const writeError = write('error');
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: (fields, message) => writeError(asRecord(own, fields), message),
    child: (fields) => withFields(lines, { ...own, ...fields }),
  };
}

/** Each ERROR line is one error record: it has an id, and is counted (OPS-82). */
function asRecord(own: object, fields: object): object {
  const given: Record<string, unknown> = { ...own, ...fields };
  const { service, error_code: code = 'UNKNOWN' } = given;
  recordError({ service: String(service), code: String(code) });
  return { error_id: randomUUID(), error_code: code, ...fields };
}
