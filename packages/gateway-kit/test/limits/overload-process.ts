import { openBank } from '../bank.ts';
import { limitsOf } from './settings.ts';

/** A gateway over stub subgraphs in a process of its own, with a gate as narrow as its screens. */
const gate = { inFlightMax: 32, reserved: 16, waitingMax: 32, waitMsMax: 500, lagMsMax: 100 };
const principals = 50;
const items = 40;
const forgetEveryMs = 250;

const crowd = Array.from({ length: items }, (_, n) => ({ id: `a${n}`, name: 'One of many' }));
const budget = { principalPoints: 1e9, addressPoints: 1e9, criticalPoints: 1e9 };
const bank = await openBank({
  quiet: true,
  limits: limitsOf({ gate, budget }),
  root: { crowd: () => crowd },
});
const tokens = await Promise.all(
  Array.from({ length: principals }, (_, n) => bank.mint.token(`c${n}`)),
);
// What the stubs note down for other tests would look like a leak of the gateway.
setInterval(() => {
  for (const stub of [bank.accounts, bank.holdings]) stub.calls.splice(0);
}, forgetEveryMs);

process.on('message', (asked) => {
  if (asked === 'swept') globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 });
});
process.send?.({ url: bank.url, tokens });
