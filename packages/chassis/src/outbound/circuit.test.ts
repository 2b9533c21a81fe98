import { expect, test } from 'vitest';
import { type Circuit, createCircuit } from './circuit.ts';

const start = new Date('2026-01-30T15:00:00Z').getTime();
const at = (seconds: number) => new Date(start + seconds * 1_000);

function enter(circuit: Circuit, seconds: number) {
  const pass = circuit.enter(at(seconds));
  if (pass === null) throw new Error(`no call passes after ${seconds} s`);
  return pass;
}
const fail = (circuit: Circuit, seconds: number) =>
  circuit.failed(enter(circuit, seconds), at(seconds));

function failing(times: number, seconds = 0): Circuit {
  const circuit = createCircuit();
  for (let call = 0; call < times; call += 1) fail(circuit, seconds);
  return circuit;
}

test('five failures in a row open the circuit for 30 s, four do not', () => {
  expect(failing(4).state(at(0))).toBe('CLOSED');
  const open = failing(5);
  expect([open.state(at(0)), open.isPassable(at(29.999)), open.enter(at(29.999))]).toEqual([
    'OPEN',
    false,
    null,
  ]);
});

test('a success between failures starts the count anew', () => {
  const circuit = failing(4);
  circuit.succeeded(enter(circuit, 1));
  for (let call = 0; call < 4; call += 1) fail(circuit, 1);
  expect(circuit.state(at(1))).toBe('CLOSED');
});

test('after 30 s one caller of fifty may try, and no second one while it tries', () => {
  const circuit = failing(5);
  expect(circuit.state(at(30))).toBe('HALF_OPEN');
  const passes = Array.from({ length: 50 }, () => circuit.enter(at(30)));
  const [trial, ...others] = passes.filter((pass) => pass !== null);
  expect(others).toEqual([]);
  if (trial) circuit.succeeded(trial);
  expect([circuit.state(at(30)), circuit.isPassable(at(30))]).toEqual(['CLOSED', true]);
});

test('a failed trial opens the circuit for another 30 s', () => {
  const circuit = failing(5);
  circuit.failed(enter(circuit, 30), at(35));
  expect([circuit.state(at(64.999)), circuit.state(at(65))]).toEqual(['OPEN', 'HALF_OPEN']);
});

test('after a good trial it takes five failures again to open the circuit', () => {
  const circuit = failing(5);
  circuit.succeeded(enter(circuit, 30));
  for (let call = 0; call < 4; call += 1) fail(circuit, 31);
  expect(circuit.state(at(31))).toBe('CLOSED');
  fail(circuit, 31);
  expect(circuit.state(at(31))).toBe('OPEN');
});

/** A circuit that five calls have opened after 1 s while `slow` ones were still on their way. */
function openBefore(count: number) {
  const circuit = createCircuit();
  const slow = Array.from({ length: count }, () => enter(circuit, 0));
  for (let call = 0; call < 5; call += 1) fail(circuit, 1);
  return { circuit, slow };
}

test('late answers to calls from before the opening change nothing about the rest', () => {
  const { circuit, slow } = openBefore(6);
  const [good, ...bad] = slow;
  if (good) circuit.succeeded(good);
  expect(circuit.state(at(2))).toBe('OPEN');
  for (const pass of bad) circuit.failed(pass, at(29));
  expect(circuit.state(at(31))).toBe('HALF_OPEN');
});

test.each(['succeeded', 'failed', 'unused'] as const)(
  'during a trial a late call that has %s neither ends it nor lets a second one try',
  (end) => {
    const { circuit, slow } = openBefore(5);
    const trial = enter(circuit, 31);
    for (const pass of slow) circuit[end](pass, at(32));
    expect([circuit.state(at(32)), circuit.enter(at(32))]).toEqual(['HALF_OPEN', null]);
    circuit.succeeded(trial);
    expect(circuit.state(at(32))).toBe('CLOSED');
  },
);

test('late failures from before a good trial do not count against the closed circuit', () => {
  const { circuit, slow } = openBefore(5);
  circuit.succeeded(enter(circuit, 31));
  for (const pass of slow) circuit.failed(pass, at(32));
  expect(circuit.state(at(32))).toBe('CLOSED');
});

test('a trial that is never made leaves the right to try to the next one', () => {
  const circuit = failing(5);
  circuit.unused(enter(circuit, 30));
  expect([circuit.state(at(30)), circuit.isPassable(at(30))]).toEqual(['HALF_OPEN', true]);
  circuit.failed(enter(circuit, 30), at(31));
  expect(circuit.state(at(60))).toBe('OPEN');
});

test('a call that is never made neither counts as a failure nor forgives one', () => {
  const circuit = failing(4);
  circuit.unused(enter(circuit, 0));
  expect(circuit.state(at(0))).toBe('CLOSED');
  fail(circuit, 0);
  expect(circuit.state(at(0))).toBe('OPEN');
});
