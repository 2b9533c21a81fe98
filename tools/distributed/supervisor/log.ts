import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type LineListener, parseLine, type Speaker } from '../log-lines.ts';
import { processNames } from '../processes.ts';

/** One log per run, and the run before it; `npm run logs` reads it. */
export const logFileOf = (dataDir: string): string => join(dataDir, 'bank.log');

const firstColour = 31;
const colours = 6;
const bright = 60;
const nameWidth = Math.max(...processNames.map((name) => name.length)) + 2;

/** Six colours, then the same ones bright; the same process has the same one in every run. */
function colourOf(name: string): number {
  const place = Math.max(processNames.indexOf(name), 0);
  return firstColour + (place % colours) + (place >= colours ? bright : 0);
}

/** One line for a person: who, when, how bad, what. */
export function readable(text: string, speaker: Speaker): string {
  const line = parseLine(text, speaker);
  const at = String(line['@timestamp'] ?? '').slice('yyyy-mm-ddT'.length, -1);
  const who = `${speaker.name}${speaker.index > 0 ? `.${speaker.index}` : ''}`.padEnd(nameWidth);
  const level = String(line['levelname'] ?? '').padEnd(5);
  const stack = line['stack_info'] ? `\n${String(line['stack_info'])}` : '';
  const said = `${level} ${String(line['message'] ?? '')}${stack}`;
  return `\u001b[${colourOf(speaker.name)}m${who}\u001b[0m ${at.padEnd(12)} ${said}`;
}

/** Every line into the file; on a terminal readable and in colour, elsewhere as it was written. */
export async function openCombinedLog(dataDir: string): Promise<LineListener> {
  const file = logFileOf(dataDir);
  await rename(file, `${file}.1`).catch(() => undefined);
  const stream = createWriteStream(file, { mode: 0o600 });
  // A full disk costs lines of the log, not the bank.
  stream.on('error', () => undefined);
  const show = process.stdout.isTTY
    ? readable
    : (text: string, speaker: Speaker) => JSON.stringify(parseLine(text, speaker));
  return (text, speaker) => {
    stream.write(`${JSON.stringify(parseLine(text, speaker))}\n`);
    process.stdout.write(`${show(text, speaker)}\n`);
  };
}
