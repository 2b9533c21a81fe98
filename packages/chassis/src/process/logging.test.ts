import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { ConfigError } from './config.ts';
import { createLogger } from './logging.ts';

function recorded(level?: string) {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const source = { version: '1.2.3', gitCommit: 'abc1234', env: 'test' };
  const log = createLogger({ service: 'orders', level, destination, source });
  return { log, written, lines: () => written.map((line) => JSON.parse(line)) };
}

test('a line is one JSON object with exactly the fields of every line', () => {
  const { log, written, lines } = recorded();
  log.info({}, 'started');
  expect(written).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
  expect(lines()).toEqual([
    {
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      '@version': '1',
      message: 'started',
      levelname: 'INFO',
      levelno: 20,
      service: 'orders',
      version: '1.2.3',
      git_commit: 'abc1234',
      env: 'test',
      source_host: hostname(),
      type: 'simplebank',
      process: String(process.pid),
      module: 'main',
    },
  ]);
});

test('levels have the numbers 40, 30, 20 and 10, and those below LOG_LEVEL stay silent', () => {
  const all = recorded('DEBUG');
  all.log.error({}, 'a');
  all.log.warn({}, 'b');
  all.log.info({}, 'c');
  all.log.debug({}, 'd');
  expect(all.lines().map(({ levelname, levelno }) => [levelname, levelno])).toEqual([
    ['ERROR', 40],
    ['WARN', 30],
    ['INFO', 20],
    ['DEBUG', 10],
  ]);

  const quiet = recorded('WARN');
  quiet.log.info({}, 'not written');
  quiet.log.warn({}, 'written');
  expect(quiet.lines()).toMatchObject([{ message: 'written' }]);
});

test('an unknown level stops the start', () => {
  expect(() => recorded('LOUD')).toThrow(ConfigError);
  expect(() => recorded('LOUD')).toThrow('LOG_LEVEL');
});

test('a child carries its fields, and a repeated field stands once with its last value', () => {
  const { log, written, lines } = recorded();
  const child = log.child({ service: 'accounts', module: 'relay', request_id: 'one' });
  child.info({ request_id: 'two', order_id: 'o-1' }, 'moved');
  expect(lines()).toMatchObject([
    { service: 'accounts', module: 'relay', request_id: 'two', order_id: 'o-1' },
  ]);
  expect(written.join('').match(/"request_id"/g)).toHaveLength(1);
});

test('secrets never reach a line, at whatever depth they stand', () => {
  const { log, written } = recorded();
  const secret = 'S3CRET-VALUE';
  const jwt = `eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.${secret}`;
  log.info(
    {
      password: secret,
      headers: { Authorization: secret, cookie: secret, 'X-SimpleBank-Assertion': secret },
      deep: {
        er: { still: [{ refreshToken: secret, api_key: secret, privateKey: { d: secret } }] },
      },
      user: { email: secret, firstName: secret, phone_number: secret },
      url: `postgresql://orders:${secret}@db/orders`,
      note: `sent Bearer ${secret}`,
      variables: { input: secret },
    },
    `token ${jwt} refused`,
  );
  log.error({ error: new Error(`bad ${jwt}`, { cause: new Error(`Bearer ${secret}`) }) }, 'no');
  expect(written).toHaveLength(2);
  expect(written.join('')).not.toContain(secret);
  expect(written.join('')).toContain('postgresql://orders:[redacted]@db/orders');
});

test('an error becomes its stack with every cause', () => {
  const { log, lines } = recorded();
  log.error({ error: new Error('outer', { cause: new Error('inner') }), error_id: 'e' }, 'failed');
  const [line] = lines();
  expect(line).toMatchObject({ error_id: 'e', levelno: 40 });
  expect(line.stack_info).toMatch(/^Error: outer\n {4}at [\s\S]*caused by: Error: inner\n {4}at /);
  expect(line).not.toHaveProperty('error');
});

test('a value that JSON cannot hold does not break the line', () => {
  const { log, lines } = recorded();
  const circle: Record<string, unknown> = { position: 12n };
  circle['self'] = circle;
  log.info(circle, 'odd');
  expect(lines()).toMatchObject([{ message: 'odd', position: '12' }]);
});
