import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { deployables } from '../distributed/processes.ts';
import { root } from '../generate/units.ts';

/** What a `service.yml` says of its process, whichever of the two shapes it is written in. */
export type Description = {
  readonly name: string;
  readonly team: string;
  readonly escalation: string;
  readonly criticality: string;
  readonly objective: Objective;
  readonly dependencies: readonly { readonly name: string; readonly fallback: string }[];
  readonly eventsIn: readonly string[];
  readonly eventsOut: readonly string[];
};

/** `percentile` of the successful requests end in less than `underMs`. */
export type Objective = {
  readonly percentile: number;
  readonly underMs: number;
  readonly uptimePercent: number;
};

const percent = z.number().gt(0).lt(100);
const names = z.array(z.string()).default([]);

const objective = z.union([
  z
    .object({
      latency: z.object({ percentile: percent, under_ms: z.number().positive() }),
      uptime_percent: percent,
    })
    .transform(({ latency, uptime_percent }) => ({
      percentile: latency.percentile,
      underMs: latency.under_ms,
      uptimePercent: uptime_percent,
    })),
  z
    .object({
      latency: z.object({ percent, belowMs: z.number().positive() }),
      uptimePercent: percent,
    })
    .transform(({ latency, uptimePercent }) => ({
      percentile: latency.percent,
      underMs: latency.belowMs,
      uptimePercent,
    })),
]);

const dependencies = z.union([
  z.array(z.object({ name: z.string(), fallback: z.string() })),
  z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .transform((of) =>
      Object.entries(of).map(([name, { fallback }]) => ({ name, fallback: String(fallback) })),
    ),
]);

const shape = z
  .object({
    name: z.string(),
    team: z.string(),
    escalation: z.string(),
    criticality: z.enum(['critical', 'high', 'degradable', 'deferrable']),
    objective,
    dependencies,
    events_in: names,
    events_out: names,
    events: z.object({ in: names, out: names }).optional(),
  })
  .transform(({ events, events_in, events_out, ...rest }) => ({
    ...rest,
    eventsIn: events?.in ?? events_in,
    eventsOut: events?.out ?? events_out,
  }));

/** The folder of each process that has one of its own: the reconciler is a tool. */
export const folderOf = (main: string): string => main.replace(/\/src\/main\.ts$/, '');

/**
 * Reads one `service.yml`, from the root of the tree.
 * @throws ZodError with every field that is missing or wrong
 */
export const readDescription = (file: string): Description =>
  shape.parse(parse(readFileSync(join(root, file), 'utf8')));

/** The descriptions of all processes that have one. */
export const descriptions = (): readonly Description[] =>
  deployables
    .map(({ main }) => `${folderOf(main)}/service.yml`)
    .filter((file) => existsSync(join(root, file)))
    .map(readDescription);
