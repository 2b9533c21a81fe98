import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { deployables } from '../distributed/processes.ts';
import { root } from '../generate/units.ts';

/** What a `service.yml` says of its process; `problems.ts` holds it against the code. */
export type Description = z.infer<typeof shape>;

/** `percentile` of the successful requests end in less than `underMs`. */
export type Objective = Description['objective'];

const percent = z.number().gt(0).lt(100);
const said = z.string().min(1);
const names = z.array(said);

const objective = z
  .strictObject({
    latency: z.strictObject({ percent, belowMs: z.number().positive() }),
    uptimePercent: percent,
  })
  .transform(({ latency, uptimePercent }) => ({
    percentile: latency.percent,
    underMs: latency.belowMs,
    uptimePercent,
  }));

const shape = z
  .strictObject({
    name: said,
    kind: z.enum(['subgraph', 'service', 'gateway']),
    /** Half a sentence that says what it is there for. */
    description: said,
    language: said,
    team: said,
    /** Who is called, and who then. */
    escalation: said,
    criticality: z.enum(['critical', 'degradable', 'deferrable']),
    /** What customers miss while it is down, and what they still have. */
    whileDown: said,
    stillWorks: said,
    owns: names.default([]),
    objective,
    /** What the process does when a dependency is away. */
    dependencies: z.array(z.strictObject({ name: said, fallback: said })),
    events: z.strictObject({ in: names, out: names }),
    variables: names,
    /** From the root of the tree. */
    links: z.record(said, said),
  })
  .transform(({ events, ...rest }) => ({ ...rest, eventsIn: events.in, eventsOut: events.out }));

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
