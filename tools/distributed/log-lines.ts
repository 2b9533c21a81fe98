/** One line of a process as it was written: JSON by the fields of the logs. */
export type LogLine = Readonly<Record<string, unknown>>;

export type Speaker = { readonly name: string; readonly index: number };

export type LineListener = (text: string, speaker: Speaker) => void;

/** Cuts what a process prints into lines; a last one without an end is told by `end`. */
export function lineCutter(onLine: (text: string) => void) {
  let rest = '';
  return {
    push(chunk: string): void {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part !== '') onLine(part);
    },
    end(): void {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

/** What is no JSON, such as the last words of a crash, becomes a line under `message`. */
export function parseLine(text: string, { name }: Speaker): LogLine {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as LogLine;
  } catch {
    // Told below.
  }
  return { service: name, levelname: 'PRINTED', message: text };
}

/** Keeps every line of a fleet; they are parsed when somebody asks, each once. */
export function lineKeeper() {
  const parsed: LogLine[] = [];
  const waiting: { readonly text: string; readonly speaker: Speaker }[] = [];
  return {
    add: (text: string, speaker: Speaker): void => void waiting.push({ text, speaker }),
    lines: (): readonly LogLine[] => {
      for (const { text, speaker } of waiting.splice(0)) parsed.push(parseLine(text, speaker));
      return parsed;
    },
  };
}
