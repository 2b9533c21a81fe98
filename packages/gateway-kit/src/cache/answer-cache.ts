import type { Logger } from '@simplebank/chassis/logging';
import { type AnswerEvent, recordAnswers } from '@simplebank/chassis/metrics';
import type { Shared } from '@simplebank/chassis/shared';
import type { Clock } from '@simplebank/kernel/clock';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { OperationTypeNode } from 'graphql';
import { createInFlight } from '../engine/in-flight.ts';
import type { Answer, Asked, Operation, Outcome, Run } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import type { Told } from './answer-headers.ts';
import { headersOf, plainAnswer, toldAgain } from './answer-headers.ts';
import { createAvailability } from './availability.ts';
import { identityOf, questionKey } from './cache-key.ts';
import { createDrops } from './drops.ts';
import { missedIn, recalledAnswer } from './fallback.ts';
import { createGenerations } from './generations.ts';
import type { Place } from './kept-answers.ts';
import { createKeptAnswers, etagOf } from './kept-answers.ts';
import { clockKey, markLifetimeMs } from './store-keys.ts';
import type { Tagged } from './tagging.ts';
import { tagged, takeTags } from './tagging.ts';

type Running = { readonly operation: Operation; readonly asked: Asked; readonly story: Story };

export type AnswerCache = {
  /** The answer to an operation that may run: a kept one, one that runs already, or a new one. */
  readonly answer: (running: Running) => Promise<Answer>;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Options = {
  /** The gateway, which stands for its contract. */
  readonly name: string;
  readonly shared: Shared;
  readonly run: Run;
  /** Whether equal questions of the same moment run once: they do. */
  readonly sharesReads?: boolean;
  readonly schema: () => GraphQLSchema;
  readonly clock: Clock;
  readonly log: Logger;
};

/**
 * Answers once what is asked often. What it answers is never older than the viewer's own last
 * write, and never another viewer's unless its subgraphs call all of it PUBLIC. Without the shared
 * store it runs everything.
 */
export function createAnswerCache(options: Options): AnswerCache {
  const parts = assemble(options);
  const { availability, drops, nowMs } = parts;
  return {
    async answer(running) {
      const { operation, story } = running;
      if (operation.definition.operation !== OperationTypeNode.QUERY) return change(parts, running);
      const told = await query(parts, running);
      return { ...told, headers: headersOf(told, { story, nowMs: nowMs() }) };
    },
    async start() {
      availability.start();
      await drops.start();
    },
    async close() {
      availability.close();
      await drops.close();
    },
  };
}

type Parts = ReturnType<typeof assemble>;

function assemble({ name, shared, run, sharesReads = true, schema, clock, log }: Options) {
  const record = (event: AnswerEvent, count = 1) => recordAnswers({ service: name, event }, count);
  const nowMs = () => clock.now().getTime();
  const { store, signals } = shared;
  const availability = createAvailability({ store, log, now: () => performance.now() });
  const dropped = (tags: number) => record('dropped', tags);
  return {
    name,
    run,
    sharesReads,
    record,
    nowMs,
    availability,
    generations: createGenerations(availability),
    drops: createDrops({ signals, availability, schema, log, dropped }),
    kept: createKeptAnswers({ availability, nowMs }),
    inFlight: createInFlight<Told>(),
    tagging: createTagging(),
  };
}

/** The generation moves before the answer leaves, also of a change that failed or took too long. */
async function change({ run, generations }: Parts, { operation, asked, story }: Running) {
  try {
    return plainAnswer(await run(operation, asked, story));
  } finally {
    await generations.move(story.viewer);
  }
}

/** Where the viewer stands is looked up before anything runs: a later look would miss a write. */
async function query(parts: Parts, { operation, asked, story }: Running): Promise<Told> {
  const { name, run, sharesReads, availability, generations, drops, inFlight, record } = parts;
  const { viewer } = story;
  const usable = !asked.fresh && !story.wantsPlan && availability.usable();
  const standing = usable ? await generations.standingOf(viewer) : null;
  if (!standing) return plainAnswer(await run(operation, asked, story));
  const question = questionKey({ contract: name, operation, variables: asked.variables });
  const writtenMark = `${standing.epoch}.${standing.generation}.${drops.heard()}`;
  let ran = false;
  const told = await inFlight({
    key: sharesReads ? [identityOf(viewer), writtenMark, question].join(' ') : null,
    waitMs: () => story.deadlineAtMs - performance.now(),
    isShareable: ({ outcome: { status, errors } }) => status === 200 && !errors,
    run: () => {
      ran = true;
      const running = { operation, asked: { ...asked, writtenMark }, story };
      return findOrRun(parts, running, { question, viewer, standing });
    },
  });
  if (!ran) record('joined');
  return told;
}

async function findOrRun(parts: Parts, running: Running, place: Place): Promise<Told> {
  const { tagging, kept, record } = parts;
  const found = tagging.isKept(running.operation) ? await kept.find(place) : null;
  record(found ? 'hit' : 'missed');
  if (found) return toldAgain(found);
  const told = await runAndKeep(parts, running, place);
  const missed = missedIn(told.outcome);
  const old = missed.length > 0 ? await kept.recall(place) : null;
  return old ? recalledAnswer(old, { service: parts.name, missed, nowMs: parts.nowMs() }) : told;
}

/** The stamp is taken before it runs: whatever changes from then on rules the answer out. */
async function runAndKeep(parts: Parts, { operation, asked, story }: Running, place: Place) {
  const { availability, tagging, run, kept, record, nowMs } = parts;
  const atMs = nowMs();
  const stamp = await availability.attempt((it) => it.increment(clockKey, markLifetimeMs));
  const tagger = stamp === null ? null : tagging.of(operation);
  const outcome = await run(tagger?.operation ?? operation, asked, story);
  tagging.learn(operation, outcome);
  if (stamp === null || !tagger) return plainAnswer(outcome);
  const { outcome: asAsked, tags } = withoutTags(outcome);
  const told = plainAnswer(asAsked);
  if (!mayBeKept(outcome)) return told;
  const { cacheHint: hint } = outcome;
  const { viewer } = place;
  if (hint.scope === 'PUBLIC') for (const type of tagger.types) tags.add(`${type}:*`);
  else if (viewer.kind === 'principal') tags.add(`Customer:${viewer.customerId}`);
  const entry = { body: told.body, etag: etagOf(told.body), hint, stamp, tags: [...tags], atMs };
  if (await kept.keep(place, entry)) record('kept');
  return { ...told, etag: entry.etag, atMs };
}

/** `extensions` are about one run, such as its plan. */
const mayBeKept = ({ status, data, errors, extensions, cacheHint }: Outcome): boolean =>
  status === 200 && !!data && !errors && !extensions && cacheHint.maxAgeSeconds > 0;

function withoutTags(outcome: Outcome) {
  const { data } = outcome;
  if (!data) return { outcome, tags: new Set<string>() };
  const { data: asAsked, tags } = takeTags(data);
  return { outcome: { ...outcome, data: asAsked }, tags };
}

/** Tags only operations whose answers may be kept, as their first run tells. */
function createTagging() {
  const made = new WeakMap<OperationDefinitionNode, Tagged | null>();
  const neverKept = new WeakSet<OperationDefinitionNode>();
  return {
    isKept: ({ definition }: Operation) => !neverKept.has(definition),
    of(operation: Operation): Tagged | null {
      const { definition } = operation;
      if (neverKept.has(definition)) return null;
      const known = made.get(definition);
      if (known !== undefined) return known;
      const tagger = tagged(operation);
      made.set(definition, tagger);
      return tagger;
    },
    learn({ definition }: Operation, { data, errors, cacheHint }: Outcome): void {
      if (cacheHint.maxAgeSeconds > 0) neverKept.delete(definition);
      else if (data && !errors) neverKept.add(definition);
    },
  };
}
