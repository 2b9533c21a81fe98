import type { Logger } from '@simplebank/chassis/logging';

export type Line = {
  readonly level: 'warn' | 'error';
  readonly code: string;
  readonly message: string;
  readonly cause: string;
};

/** Listens to what a process says. */
export type Hearing = {
  readonly log: Logger;
  /** Warnings and errors since it was last asked. */
  readonly heard: () => readonly Line[];
};

export function createHearing(): Hearing {
  let lines: Line[] = [];
  const hear = (level: Line['level']) => (fields: object, message: string) => {
    const code: unknown = Reflect.get(fields, 'error_code');
    const error: unknown = Reflect.get(fields, 'error');
    lines.push({ level, code: String(code ?? 'NONE'), message, cause: wordsOf(error) });
  };
  const log: Logger = {
    ...{ debug: () => {}, info: () => {}, warn: hear('warn'), error: hear('error') },
    child: () => log,
  };
  return {
    log,
    heard() {
      const heard = lines;
      lines = [];
      return heard;
    },
  };
}

/** An error and what it wraps, each in its first words. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return error === undefined ? '' : String(error);
  const own = `${error.name}: ${error.message}`;
  return error.cause === undefined ? own : `${own}; because ${wordsOf(error.cause)}`;
}
