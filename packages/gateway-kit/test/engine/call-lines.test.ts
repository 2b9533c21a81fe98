import { logFields } from '@simplebank/chassis/log-fields';
import { createLogger } from '@simplebank/chassis/logging';
import { afterEach, expect, test } from 'vitest';
import { library } from './library.ts';
import { type Opened, openEngine } from './open-engine.ts';

let opened: Opened | null = null;
afterEach(async () => {
  await opened?.close();
  opened = null;
});

/** The lines of two requests, the second of which finds its subgraph broken. */
async function linesAt(level: 'INFO' | 'DEBUG') {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const log = createLogger({ service: 'web', level, destination });
  opened = await openEngine(library, { log, name: 'call-lines' });
  await opened.ask('{ book(id: "b1") { title } people }');
  const { catalog } = opened.stubs;
  if (!catalog) throw new Error('no stub catalog');
  catalog.mood = 'breaks';
  await opened.ask('{ book(id: "b2") { title } }');
  return written.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

test('at DEBUG one request tells each of its calls, by its id and with its time', async () => {
  const lines = (await linesAt('DEBUG')).filter((line) => 'subgraph' in line);
  const told = lines.map(({ subgraph, response_status }) => `${subgraph} ${response_status}`);
  expect(told).toEqual(expect.arrayContaining(['catalog 200', 'people 200', 'catalog 500']));
  for (const line of lines) {
    expect(line).toMatchObject({
      ...{ levelname: 'DEBUG', request_id: 'story-0001', timing_total_ms: expect.any(Number) },
    });
    expect(Object.keys(line).filter((name) => !logFields.has(name))).toEqual([]);
  }
});

test('at INFO it tells none of them', async () => {
  expect((await linesAt('INFO')).map(({ levelname }) => levelname)).not.toContain('DEBUG');
});
