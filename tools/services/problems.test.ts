import { expect, test } from 'vitest';
import { descriptions } from './descriptions.ts';
import { folders } from './documents.ts';
import { inCode, problemsOf } from './problems.ts';
import { variablesOf } from './variables-of.ts';

const orders = () => {
  const found = descriptions().find(({ name }) => name === 'orders');
  if (!found) throw new Error('orders has no service.yml');
  return found;
};
const ordersCode = async () => inCode('orders', await variablesOf('subgraphs/orders'));

test.each(folders())('$name: its service.yml says what its code does', async (description) => {
  const code = inCode(description.name, await variablesOf(description.folder));
  expect(problemsOf(description, code)).toEqual([]);
});

test('a variable, an event or a dependency that only one side knows is found', async () => {
  const [description, code] = [orders(), await ordersCode()];
  const less = { ...description, variables: description.variables.slice(1) };
  expect(problemsOf(less, code)).toEqual([`orders: variables does not name ${code.variables[0]}`]);
  const strange = { ...description, eventsIn: [...description.eventsIn, 'venue.closed.v1'] };
  expect(problemsOf(strange, code)[0]).toContain('names venue.closed.v1');
  const alone = { ...description, dependencies: [] };
  expect(problemsOf(alone, code)).toContain('orders: dependencies do not name its database');
});

test('a link to nowhere is found', async () => {
  const links = { readme: 'subgraphs/orders/NOWHERE.md' };
  const problems = problemsOf({ ...orders(), links }, await ordersCode());
  expect(problems).toEqual(['orders: links name subgraphs/orders/NOWHERE.md, which is not there']);
});
