import { logFields } from '@simplebank/chassis/log-fields';
import { expect, test } from 'vitest';
import type { Get } from './losses.ts';

const levels: Readonly<Record<string, number>> = { ERROR: 40, WARN: 30, INFO: 20, DEBUG: 10 };
const onEveryLine = [
  ...['@timestamp', '@version', 'message', 'levelname', 'levelno', 'service', 'version'],
  ...['git_commit', 'env', 'source_host', 'type', 'process', 'module'],
];

/** To be asked last, so that it sees all that the process has printed in its life. */
export function logsWell(running: Get): void {
  test('all that it prints is one JSON object a line, with allowed fields only (OPS-77)', () => {
    expect(running().stderr()).toBe('');
    for (const text of running().stdout()) {
      const line = JSON.parse(text) as Record<string, unknown>;
      expect([text, onEveryLine.filter((field) => !(field in line))]).toEqual([text, []]);
      expect([text, Object.keys(line).filter((field) => !logFields.has(field))]).toEqual([
        text,
        [],
      ]);
      expect(line['levelno']).toBe(levels[String(line['levelname'])]);
      expect(line['@timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}Z$/);
      if (line['levelname'] !== 'ERROR') continue;
      expect(line).toMatchObject({ error_id: expect.any(String), error_code: expect.any(String) });
    }
  });

  test('unless LOG_LEVEL tells otherwise it prints INFO and above (OPS-78)', () => {
    const printed = running()
      .lines()
      .map((line) => line['levelname']);
    expect(printed).toContain('INFO');
    expect(printed).not.toContain('DEBUG');
  });
}
