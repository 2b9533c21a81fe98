import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../generate/units.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Config = { readonly loadConfig: (env: Env) => unknown };

/** Some variables are asked for only when others have these values. */
const probes: readonly Env[] = [{}, { NODE_ENV: 'production', MARKET_CALENDAR: 'always' }];

/**
 * The variables that a process reads by itself (those of the chassis are in no list), as its
 * `config.ts` asks for them: with nothing set it refuses to load, but has asked for all of them.
 */
export async function variablesOf(folder: string): Promise<readonly string[]> {
  const file = pathToFileURL(join(root, folder, 'src/config.ts')).href;
  const { loadConfig }: Config = await import(file);
  const asked = new Set<string>();
  for (const probe of probes) {
    const listening = new Proxy(probe, {
      get: (given, name) => {
        if (typeof name === 'string') asked.add(name);
        return Reflect.get(given, name);
      },
    });
    try {
      loadConfig(listening);
    } catch {} // what it asked for is what counts
  }
  return [...asked].toSorted();
}
