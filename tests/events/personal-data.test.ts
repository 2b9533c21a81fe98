import { readdirSync, readFileSync } from 'node:fs';
import { eventsFor, subscribersOf } from '@simplebank/contracts/subscriptions';
import { expect, test } from 'vitest';

/** OPS-36: names of fields that say something of a person, not of their business. */
const personal = /^(name|email|phone|address|street|city|birth.*|taxId|ssn|iban|ip|userAgent)$/i;
/** Events whose very purpose is to feed a copy of it. */
const declared = [
  'accounts.customer-registered.v1: email',
  'accounts.customer-registered.v1: name',
];
/** Names of assets and strategies are nobody's. */
const ofThings = [
  'assets.asset-updated.v1: name',
  'strategies.strategy-created.v1: name',
  'strategies.strategy-version-published.v1: name',
];

function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, ...others } = schema as { properties?: Record<string, unknown> };
  const own = Object.keys(properties ?? {});
  return [
    ...own,
    ...[...Object.values(properties ?? {}), ...Object.values(others)].flatMap(fieldsOf),
  ];
}

test('personal data travels only in events that feed a declared copy', () => {
  const found = readdirSync('docs/events')
    .filter((name) => name.endsWith('.schema.json'))
    .flatMap((name) => {
      const event = name.replace('.schema.json', '');
      const fields = fieldsOf(JSON.parse(readFileSync(`docs/events/${name}`, 'utf8')));
      return [...new Set(fields)]
        .filter((field) => personal.test(field))
        .map((field) => `${event}: ${field}`);
    });
  const unexpected = found.filter((one) => ![...declared, ...ofThings].includes(one));
  expect(unexpected).toEqual([]);
  expect(found).toEqual(expect.arrayContaining(declared));
});

test('whoever hears personal data keeps the one declared copy of it', () => {
  expect(subscribersOf('accounts.customer-registered.v1')).toEqual(['notifications']);
  expect(eventsFor('notifications')).toContain('accounts.customer-registered.v1');
});
