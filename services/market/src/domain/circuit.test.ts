import { expect, test } from 'vitest';
import { createCircuit } from './circuit.ts';

const start = new Date('2026-01-30T15:00:00Z').getTime();
const at = (seconds: number) => new Date(start + seconds * 1_000);

function failing(times: number, seconds = 0) {
  const circuit = createCircuit();
  for (let call = 0; call < times; call += 1) {
    circuit.enter(at(seconds));
    circuit.failed(at(seconds));
  }
  return circuit;
}

test('five failures in a row open the circuit, four do not', () => {
  expect(failing(4).state(at(0))).toBe('CLOSED');
  const open = failing(5);
  expect([open.state(at(0)), open.isPassable(at(29)), open.enter(at(29))]).toEqual([
    'OPEN',
    false,
    false,
  ]);
});

test('a success between failures starts the count anew', () => {
  const circuit = failing(4);
  circuit.succeeded();
  circuit.failed(at(1));
  expect(circuit.state(at(1))).toBe('CLOSED');
});

test('after 30 s one caller may try, and no second one while it tries', () => {
  const circuit = failing(5);
  expect(circuit.state(at(30))).toBe('HALF_OPEN');
  expect([circuit.enter(at(30)), circuit.enter(at(30))]).toEqual([true, false]);
  circuit.succeeded();
  expect([circuit.state(at(30)), circuit.enter(at(30))]).toEqual(['CLOSED', true]);
});

test('a failed trial opens the circuit for another 30 s', () => {
  const circuit = failing(5);
  circuit.enter(at(30));
  circuit.failed(at(35));
  expect([circuit.state(at(64)), circuit.state(at(65))]).toEqual(['OPEN', 'HALF_OPEN']);
});
