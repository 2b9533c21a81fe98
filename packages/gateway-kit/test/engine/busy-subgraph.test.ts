import { metrics } from '@simplebank/chassis/metrics';
import type { Dispatcher, Pool } from 'undici';
import { expect, test, vi } from 'vitest';
import { callsMax } from '../../src/engine/bulkhead.ts';
import { post } from '../../src/engine/wire.ts';
import { library } from './library.ts';
import { openEngine } from './open-engine.ts';

/** More than the failures in a row that open a circuit. */
const callers = 6;
/** So that each call below has its whole time, however busy the machine is. */
const patience = { withinMs: 60_000 };
const several = <T>(make: () => Promise<T>) => Promise.all(Array.from({ length: callers }, make));

type Labels = Readonly<Record<string, string>>;

async function figure(name: string, wanted: Labels): Promise<number | undefined> {
  const { values = [] } = (await metrics.getSingleMetric(`simplebank_${name}`)?.get()) ?? {};
  const labelled = values as readonly { readonly labels: Labels; readonly value: number }[];
  const isOf = (labels: Labels) =>
    Object.entries(wanted).every(([key, one]) => labels[key] === one);
  return labelled.find(({ labels }) => isOf(labels))?.value;
}
const circuitOf = (dependency: string) => figure('circuit_state', { service: 'busy', dependency });

test('who waits in vain while others are answered does not speak against a subgraph', async () => {
  const opened = await openEngine(library, { name: 'busy', sharesReads: false });
  const { catalog, people } = opened.stubs;
  if (!catalog || !people) throw new Error('the library is not whole');
  for (const stub of [catalog, people]) stub.mood = 'hangs';
  const waiting = several(() => opened.ask('{ book(id: "b1") { title } }', patience));
  const inVain = several(() => opened.ask('{ people }', patience));
  await vi.waitFor(() => expect([catalog.arrived, people.arrived]).toEqual([callers, callers]), {
    timeout: 4_000,
  });
  catalog.mood = 'well';
  expect((await opened.ask('{ books { title } }')).errors).toBeUndefined();
  for (const { errors } of [...(await waiting), ...(await inVain)]) {
    expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
  }
  expect(await circuitOf('catalog')).toBe(0);
  expect(await circuitOf('people')).toBe(2);
  expect((await opened.ask('{ book(id: "b1") { title } }')).errors).toBeUndefined();
  await opened.close();
}, 30_000);

test('the figures show what a gateway asks of a subgraph and what waits for its turn', async () => {
  const opened = await openEngine(library, { name: 'holding', sharesReads: false });
  const { catalog } = opened.stubs;
  if (!catalog) throw new Error('the library is not whole');
  const held = async () => {
    const of = { service: 'holding', dependency: 'catalog' };
    const inFlight = await figure('bulkhead_calls', { ...of, state: 'in_flight' });
    return [inFlight, await figure('bulkhead_calls', { ...of, state: 'waiting' })];
  };
  expect(await held()).toEqual([0, 0]);
  catalog.mood = 'hangs';
  const ask = () => opened.ask('{ books { title } }', patience);
  const asked = Array.from({ length: callsMax + 3 }, ask);
  await expect.poll(held, { timeout: 4_000 }).toEqual([callsMax, 3]);
  await Promise.all(asked);
  expect(await held()).toEqual([0, 0]);
  await opened.close();
  expect(await held()).toEqual([undefined, undefined]);
}, 30_000);

/** What has come over the network meanwhile is read after the timers, before anything else. */
const answering = {
  dispatch(_: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const controller = {} as Dispatcher.DispatchController;
    setImmediate(() => {
      handler.onResponseStart?.(controller, 200, {}, 'OK');
      handler.onResponseData?.(controller, Buffer.from('{}'));
      handler.onResponseEnd?.(controller, {});
    });
    return true;
  },
};

test('an answer that came in time counts, although the gateway was busy with others', async () => {
  // From here on timers come next, and only then what has arrived.
  await new Promise((resolve) => setImmediate(resolve));
  const answer = post(answering as unknown as Pool, { headers: {}, body: '', timeoutMs: 5 });
  for (const end = performance.now() + 50; performance.now() < end; );
  expect(await answer).toMatchObject({ status: 200, text: '{}' });
});
