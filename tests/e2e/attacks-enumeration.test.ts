import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes as mobileRoutes } from '../../gateways/mobile/src/app.ts';
import { routes as webRoutes } from '../../gateways/web/src/app.ts';
import { entities } from '../supergraph/access-matrix/entities.ts';
import { entityText, idOf } from '../supergraph/access-matrix/entity-probes.ts';
import { type IdPlace, idPlaces, withIdAt } from '../supergraph/access-matrix/id-places.ts';
import { ask, inTurns } from '../supergraph/access-matrix/outcomes.ts';
import { openProbes, type Probes, rootFields } from '../supergraph/access-matrix/probes.ts';
import { type Question, questionOf } from '../supergraph/access-matrix/question.ts';
import { restCallsOf } from '../supergraph/access-matrix/rest-calls.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

const bankStartsWithinMs = 120_000;
const probesEndWithinMs = 120_000;

let bank: WholeBank;
let at: Probes;
beforeAll(async () => {
  bank = await startWholeBank();
  at = await openProbes(bank);
}, bankStartsWithinMs);
afterAll(() => bank?.close());

/** An answer without what is different every time: the id that was asked for, and the request's. */
const told = (answer: unknown, id: unknown): string =>
  JSON.stringify(answer)
    .replaceAll('\\"', '"')
    .replaceAll(`"${String(id)}"`, '"<id>"')
    .replace(/"requestId":"[^"]*"/g, '');

const unknownOf = (id: unknown): string => (/^\d+$/.test(String(id)) ? '987654' : randomUUID());

/** What somebody else's id and one of nobody answer to the other customer. */
async function both<T>(id: unknown, act: (id: unknown) => Promise<T>) {
  const nobodys = unknownOf(id);
  const foreign = told(await act(id), id);
  return { foreign, unknown: told(await act(nobodys), nobodys) };
}

/** The sample that a place is about; a filter by what nobody names is of no interest. */
function sampleAt({ coordinate, path }: IdPlace): unknown {
  const field = coordinate.split('.')[1] ?? '';
  const name = path.at(-1) ?? '';
  const singular = name.replace(/s$/, '');
  const { samples } = at;
  const found = samples[`${field}.${name}`] ?? samples[name] ?? samples[singular];
  return Array.isArray(found) ? found[0] : found;
}

const accountNumber = async (): Promise<string> => {
  const text = 'query($id: ID!) { account(id: $id) { number } }';
  const door = await at.doorOf('customer', null);
  const { data } = await ask(door, { text, variables: { id: at.samples['accountId'] } });
  return (data as { account: { number: string } }).account.number;
};

function declaring(question: Question, { coordinate, path }: IdPlace): Question {
  const [argument = ''] = path;
  if (argument in question.variables) return question;
  // An optional argument is asked for as well: the matrix leaves it out.
  return questionOf(at.schema, coordinate, {
    ...at.samples,
    [`${question.field}.${argument}`]: [],
  });
}

test(
  'an id of another customer answers as one of nobody, wherever the graph takes one',
  async () => {
    const number = await accountNumber();
    const served = rootFields();
    const places = idPlaces(at.schema);
    expect(places.length).toBeGreaterThan(40);
    const unnamed = places.filter((place) => sampleAt(place) === undefined);
    expect(unnamed).toEqual([]);
    const different = await inTurns(places, async (place) => {
      const { coordinate, path } = place;
      const question = declaring(questionOf(at.schema, coordinate, at.samples), place);
      const id = sampleAt(place);
      const ids = id === at.samples['accountId'] ? [id, number] : [id];
      const doors = [null, served.get(coordinate) ?? ''];
      const tries = ids.flatMap((one) => doors.map((door) => ({ one, door })));
      const found = await inTurns(tries, async ({ one, door }) => {
        const where = await at.doorOf('otherCustomer', door);
        const { foreign, unknown } = await both(one, (given) =>
          ask(where, { ...question, variables: withIdAt(question.variables, path, given) }),
        );
        return foreign === unknown ? [] : [{ coordinate, path, door, foreign, unknown }];
      });
      return found.flat();
    });
    expect(different.flat()).toEqual([]);
  },
  probesEndWithinMs,
);

test('an entity of another customer answers as one of nobody, at each subgraph', async () => {
  const open = ['assets.Asset', 'strategies.Strategy'];
  const guarded = Object.entries(entities).filter(([name]) => !open.includes(name));
  for (const [name, { reveals }] of guarded) {
    const [subgraph = '', type = ''] = name.split('.');
    const door = await at.doorOf('otherCustomer', subgraph);
    const text = entityText(type, reveals);
    const { foreign, unknown } = await both(idOf(at.samples, type), (id) =>
      ask(door, { text, variables: { of: [{ __typename: type, id }] } }),
    );
    expect([name, foreign]).toEqual([name, unknown]);
  }
});

test('an id of another customer answers as one of nobody, wherever REST takes one', async () => {
  for (const [gateway, routes] of Object.entries({ web: webRoutes, mobile: mobileRoutes })) {
    const calls = restCallsOf(routes, at.samples);
    expect(calls.length).toBeGreaterThan(2);
    const { headers } = gateway === 'web' ? at.people.otherCustomer : await at.onMobile();
    for (const { name, id, request } of calls) {
      const { foreign, unknown } = await both(id, async (given) => {
        const { path, ...how } = request(given);
        const url = `${bank.urls[gateway]}${path}`;
        const type = how.body ? { 'content-type': 'application/json' } : {};
        const key = { 'idempotency-key': 'enumeration' };
        const response = await fetch(url, { ...how, headers: { ...headers, ...type, ...key } });
        return { status: response.status, body: await response.text() };
      });
      expect([gateway, name, foreign]).toEqual([gateway, name, unknown]);
    }
  }
});
