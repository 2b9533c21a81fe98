import { accounts } from '@simplebank/accounts/app';
import { assets } from '@simplebank/assets/app';
import type { Part, ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import { federation } from '@simplebank/federation-gateway/app';
import { holdings } from '@simplebank/holdings/app';
import { market } from '@simplebank/market/app';
import { mobile } from '@simplebank/mobile-gateway/app';
import { notifications } from '@simplebank/notifications/app';
import { orders } from '@simplebank/orders/app';
import { strategies } from '@simplebank/strategies/app';
import { web } from '@simplebank/web-gateway/app';
import { urlVariable } from './environment.ts';
import type { Environment } from './settings.ts';

export type RunningBank = {
  /** Where each door answers, by process name. */
  readonly urls: Readonly<Record<string, string>>;
  readonly parts: readonly Part[];
  readonly close: () => Promise<void>;
};

const hasUrl = (part: Part): part is Part & { readonly url: string } =>
  'url' in part && typeof part.url === 'string';

async function closeAll(parts: readonly Part[]): Promise<void> {
  for (const part of [...parts].reverse()) await part.close();
}

/**
 * Every subgraph, service and gateway in this process. The subgraphs listen first, so that the
 * gateways can be told where; whatever was started is closed again when a later part fails.
 */
export async function startBank(env: Environment, runtime: Runtime): Promise<RunningBank> {
  const parts: Part[] = [];
  const urls: Record<string, string> = {};
  const told: Record<string, string | undefined> = { ...env };

  async function start<Config>(definition: ProcessDefinition<Config>): Promise<void> {
    const log = runtime.log.child({ service: definition.name });
    const config = definition.loadConfig(told);
    for (const part of await definition.build(config, { ...runtime, log })) {
      await part.start();
      parts.push(part);
      if (hasUrl(part)) urls[definition.name] = part.url;
    }
    const url = urls[definition.name];
    if (url) told[urlVariable(definition.name)] = url;
  }

  try {
    await Promise.all([
      start(accounts),
      start(orders),
      start(holdings),
      start(assets),
      start(strategies),
      start(market),
      start(notifications),
    ]);
    await Promise.all([start(federation), start(web), start(mobile)]);
  } catch (error) {
    await closeAll(parts);
    throw error;
  }
  return { urls, parts, close: () => closeAll(parts) };
}
