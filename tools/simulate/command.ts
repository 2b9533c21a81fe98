import { makeTemplates } from '../../tests/support/templates.ts';
import { newRun, openTestServer } from '../../tests/support/test-server.ts';
import { urlAs } from '../migrate/databases.ts';
import { addTo, kinds } from './coverage.ts';
import { closeGrounds, contexts, openGrounds, type Places } from './grounds.ts';
import { run, type Verdict } from './run.ts';
import { createTally, lineOf } from './tally.ts';

const rolePassword = 'only-for-simulations';
const say = (line: string) => process.stdout.write(`${line}\n`);

export type Asked = {
  readonly seed: string;
  readonly seeds: string;
  readonly orders: string;
  readonly days: string;
  /** Prints every step and every statement. */
  readonly trace: boolean;
  /** Ends with the first seed that breaks a law. */
  readonly first: boolean;
};

function countOf(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} ${text} is no count`);
}

/** Runs the seeds one after the other on databases of their own; answers the exit code. */
export async function simulate(asked: Asked): Promise<number> {
  const first = countOf('seed', asked.seed);
  const count = countOf('seeds', asked.seeds);
  const length = { orders: countOf('orders', asked.orders), days: countOf('days', asked.days) };
  const { places, close } = await openPlaces();
  const grounds = await openGrounds(places);
  const total = createTally();
  let [played, failed] = [0, 0];
  try {
    for (let seed = first; seed < first + count; seed += 1) {
      if (asked.first && failed > 0) break;
      const startedAt = performance.now();
      const hear = asked.trace ? say : () => {};
      const verdict = await run({ seed, grounds, ...length, hear });
      report(verdict, { asked, milliseconds: performance.now() - startedAt });
      addTo(total, verdict.counts);
      played += 1;
      if (verdict.broken) failed += 1;
    }
  } finally {
    await closeGrounds(grounds);
    await close();
  }
  say(`happened: ${lineOf(kinds, total)}`);
  say(`${played - failed} seeds kept every law, ${failed} did not`);
  return failed > 0 ? 1 : 0;
}

type Opened = { readonly places: Places; readonly close: () => Promise<void> };

/** Databases that a test has made for us, else those of a server that is thrown away. */
async function openPlaces(): Promise<Opened> {
  const given = process.env['SIMULATION_PLACES'];
  if (given) return { places: JSON.parse(given), close: async () => {} };
  const server = await openTestServer();
  const name = newRun();
  const templates = await makeTemplates(server.adminUrl, { run: name, rolePassword });
  const close = async () => {
    await templates.drop();
    await server.close();
  };
  return { places: placesOf(server.adminUrl, name), close };
}

/** The templates themselves: nobody clones them here. */
function placesOf(adminUrl: string, name: string): Places {
  const places = contexts.map((context) => {
    const database = `tpl_${name}_${context}`;
    const own = urlAs(adminUrl, { user: context, password: rolePassword, database });
    return [context, { url: own, adminUrl: urlAs(adminUrl, { database }) }] as const;
  });
  return Object.fromEntries(places) as Places;
}

type Told = { readonly asked: Asked; readonly milliseconds: number };

const tailLines = 60;

function report({ seed, broken, steps, hash, tail }: Verdict, { asked, milliseconds }: Told): void {
  const took = `${(milliseconds / 1_000).toFixed(2)} s`;
  if (!broken) {
    say(`seed ${seed} ok: ${steps} steps, ${took}, trace ${hash}`);
    return;
  }
  if (!asked.trace) say(tail.slice(-tailLines).join('\n'));
  say(`seed ${seed} BROKEN at step ${broken.step} after ${took}, trace ${hash}`);
  say(`  law: ${broken.law}`);
  say(`  by:  ${broken.by}`);
  const { orders, days } = asked;
  say(`  again: npm run simulate -- --seed ${seed} --orders ${orders} --days ${days}`);
}
