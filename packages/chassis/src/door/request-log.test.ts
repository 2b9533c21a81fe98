import { expect, test } from 'vitest';
import { alice, endLine, useDoor, written } from '../../test/sample-door.ts';
import { metrics } from '../process/metrics.ts';

const { ask } = await useDoor();

test('every request ends with one line that tells its story and no secret', async () => {
  const query = 'mutation Buy($i: BuyInput!) { buy(input: $i) { __typename } }';
  await ask(query, { variables: { i: { quantity: '11' } }, headers: { 'x-request-id': 'r-2' } });
  expect(await endLine()).toMatchObject({
    service: 'orders',
    request_id: 'r-2',
    request_path: '/graphql',
    request_ip: '127.0.0.1',
    operation_name: 'Buy',
    user_id: alice.customerId,
    response_status: 200,
    timing_total_ms: expect.any(Number),
    outcome: 'refused',
    levelname: 'INFO',
  });
  expect(written.join('')).not.toContain('eyJ');
});

test.each([
  ['{ whoAmI }', 'who_am_i', 'ok'],
  ['{ secret }', 'secret', 'error'],
  ['{ nothing }', 'unresolved', 'refused'],
  ['mutation { buy(input: { quantity: "1" }) { __typename } }', 'buy', 'ok'],
  ['{ whoAmI requestId }', 'query', 'ok'],
])(
  'the timing of %s counts under operation %s with outcome %s',
  async (query, operation, outcome) => {
    const name = 'simplebank_operation_duration_seconds';
    const count = async () => {
      const { values = [] } = (await metrics.getSingleMetric(name)?.get()) ?? {};
      const wanted = { service: 'orders', operation, outcome };
      return (values as { metricName?: string; labels: object; value: number }[])
        .filter(({ metricName, labels }) => {
          return (
            metricName === `${name}_count` && JSON.stringify(labels) === JSON.stringify(wanted)
          );
        })
        .reduce((all, { value }) => all + value, 0);
    };
    const before = await count();
    await ask(query);
    await expect.poll(count, { timeout: 2_000 }).toBe(before + 1);
  },
);
