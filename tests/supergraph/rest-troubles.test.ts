import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { web } from '../../gateways/web/src/app.ts';
import { readDocument } from '../e2e/rest/document.ts';
import { startAlone } from './support/lone-gateway.ts';

const internal = { message: 'hidden', extensions: { code: 'INTERNAL', errorId: 'e-1' } };
const failing = createServer((_, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ data: null, errors: [internal] }));
});
beforeAll(() => new Promise<void>((resolve) => void failing.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => void failing.close(resolve)));

const operation = 'GET /prices';
async function prices(url: string) {
  const response = await fetch(`${url}/prices`);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test('whoever asks too much is told when to come again, as the document says', async () => {
  const url = await startAlone(web, { LIMIT_ADDRESS_POINTS: '1' });
  const document = await readDocument(url);
  const seen = await prices(url);
  document.expectDescribed(operation, seen);
  expect([seen.status, JSON.parse(seen.text)]).toMatchObject([429, { code: 'RATE_LIMITED' }]);
});

test('a fault of ours names its record and tells no more, as the document says', async () => {
  const address = failing.address();
  if (address === null || typeof address === 'string') throw new Error('nothing listens');
  const url = await startAlone(web, { ASSETS_URL: `http://127.0.0.1:${address.port}` });
  const document = await readDocument(url);
  const seen = await prices(url);
  document.expectDescribed(operation, seen);
  expect([seen.status, JSON.parse(seen.text)]).toMatchObject([
    500,
    { code: 'INTERNAL', errorId: 'e-1' },
  ]);
  expect(seen.text).not.toContain('hidden');
});
