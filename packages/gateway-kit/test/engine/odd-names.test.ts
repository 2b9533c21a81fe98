import { expect, test } from 'vitest';
import { library } from './library.ts';
import { type Opened, openEngine } from './open-engine.ts';

const withOpened = async (check: (opened: Opened) => Promise<void>, parts = library) => {
  const opened = await openEngine(parts);
  await check(opened).finally(opened.close);
};

test('an operation is answered however long its name is, and never for another one', () =>
  withOpened(async ({ ask }) => {
    const long = 'Name'.repeat(30);
    const text = `query ${long}1 { people } query ${long}2 { reviews }`;
    expect(await ask(text, { operationName: `${long}1` })).toMatchObject({ data: { people: 2 } });
    expect(await ask(text, { operationName: `${long}2` })).toMatchObject({ data: { reviews: 3 } });
  }));

const echo = {
  echo: {
    sdl: `type Query { echo(words: [String!]!): [String!]! thing: Thing }
      type Thing @key(fields: "id") { id: ID! }`,
    root: { echo: ({ words }: { words: readonly string[] }) => words },
  },
};

test('a variable of the caller is sent as it is given, whatever it is called', () =>
  withOpened(async ({ ask }) => {
    const text = `query($representations: [String!]!) {
      echo(words: $representations) _entities: echo(words: $representations) }`;
    const words = ['one', 'two', 'one'];
    const { data } = await ask(text, { variables: { representations: words } });
    expect(data).toEqual({ echo: words, _entities: words });
  }, echo));
