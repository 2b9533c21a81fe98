import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { until } from '../../events/support/until.ts';

export type Target = { readonly service: string; readonly url: string };

/** A Prometheus that lives as long as a test. */
export type OwnPrometheus = {
  /** How many series a query has now; throws in Prometheus' own words when it cannot be read. */
  readonly count: (query: string) => Promise<number>;
  readonly close: () => Promise<void>;
};

const startsWithinMs = 60_000;
const scrapedTimes = 5;

const answer = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z.object({ result: z.array(z.unknown()) }).optional(),
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

const configFor = (targets: readonly Target[]) => ({
  global: { scrape_interval: '1s', scrape_timeout: '1s' },
  scrape_configs: [
    {
      job_name: 'simplebank',
      honor_labels: true,
      static_configs: targets.map(({ service, url }) => ({
        targets: [new URL(url).host],
        labels: { service },
      })),
    },
  ],
});

/** Scrapes the targets each second, on a free port of this machine; ready after five scrapes. */
export async function startOwnPrometheus(targets: readonly Target[]): Promise<OwnPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'simplebank-prometheus-'));
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, stringify(configFor(targets)));
  const host = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${host}`],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const ask = async (query: string) => {
    const url = `http://${host}/api/v1/query?${new URLSearchParams({ query })}`;
    const { error, data } = answer.parse(await (await fetch(url)).json());
    if (!data) throw new Error(`${error}: ${query}`);
    return data.result.length;
  };
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const scraped = `count_over_time(up[1m]) >= ${scrapedTimes}`;
  try {
    const all = () =>
      ask(scraped).then(
        (found) => found === targets.length,
        () => false,
      );
    await until('Prometheus has scraped everything five times', all, startsWithinMs);
  } catch (error) {
    await close();
    throw error;
  }
  return { count: ask, close };
}
