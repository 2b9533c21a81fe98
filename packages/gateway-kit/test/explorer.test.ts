import { afterEach, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
afterEach(() => bank.close());

const explorer = {
  title: 'The whole graph',
  defaultQuery: '{ accounts { id } }',
  defaultVariables: '{}',
};

test('the explorer is one page that may speak to its own gateway only', async () => {
  bank = await openBank({ explorer, introspection: true });
  const response = await fetch(`${bank.url}/`);
  expect(response.redirected).toBe(true);
  expect(new URL(response.url).pathname).toBe('/explorer');
  const page = await response.text();
  expect(page).toContain('<title>The whole graph</title>');
  expect(page).toContain('{ accounts { id } }');
  expect(page).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)="https?:/);

  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/https?:|\*/);
});

test('a caller who cannot unzip gets the page as it is', async () => {
  bank = await openBank({ explorer });
  const response = await fetch(`${bank.url}/explorer`, {
    headers: { 'accept-encoding': 'identity' },
  });
  expect(response.headers.get('content-encoding')).toBeNull();
  expect(await response.text()).toContain('<!doctype html>');
});

test('a gateway without an explorer has none', async () => {
  bank = await openBank();
  expect((await fetch(`${bank.url}/explorer`)).status).toBe(404);
});

test('the page opens with headers that refuse nobody', async () => {
  bank = await openBank({ explorer, introspection: true });
  const page = await (await fetch(`${bank.url}/explorer`)).text();
  expect(page).toContain('// \\"authorization\\": \\"Bearer <accessToken>\\"');
  expect(page).not.toMatch(/"headers":"\{\\n {2}\\"authorization/);
});
