import { metrics } from '@simplebank/chassis/metrics';
import type { Dispatcher, Pool } from 'undici';
import { expect, test, vi } from 'vitest';
import { post } from '../../src/engine/wire.ts';
import { library } from './library.ts';
import { openEngine } from './open-engine.ts';

/** More than the failures in a row that open a circuit. */
const callers = 6;
/** So that each call below has its whole time, however busy the machine is. */
const patience = { withinMs: 60_000 };
const several = <T>(make: () => Promise<T>) => Promise.all(Array.from({ length: callers }, make));

async function circuitOf(subgraph: string): Promise<string | undefined> {
  const lines = (await metrics.metrics()).split('\n');
  const of = (line: string) => line.includes('service="busy"') && line.includes(`"${subgraph}"`);
  return lines.find(of)?.split(' ').at(-1);
}

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
  expect(await circuitOf('catalog')).toBe('0');
  expect(await circuitOf('people')).toBe('2');
  expect((await opened.ask('{ book(id: "b1") { title } }')).errors).toBeUndefined();
  await opened.close();
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
