import type { Viewer } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import type { GraphQLFormattedError } from 'graphql';
import { GraphQLError } from 'graphql';
import { downCodes } from '../engine/unavailable.ts';
import type { Respond } from '../request/respond.ts';
import type { Outcome } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { Operated, RestAnswer, RestRoute } from './rest.ts';

type Data = Readonly<Record<string, unknown>>;
/** How old the data is, for what may be answered again unless it is stale or has holes. */
export type Ran = RestAnswer & { readonly ageMs?: number; readonly stale?: boolean };

type Running = {
  readonly route: RestRoute;
  readonly input: object;
  readonly story: Story;
};
type Means = { readonly respond: Respond; readonly kept: KeptAnswers };

/** Runs one call of a declaration: what it looks up first, its operation, and its answer. */
export async function runRoute(running: Running, means: Means): Promise<Ran> {
  try {
    return await run(running, means);
  } catch (error) {
    throw error instanceof GraphQLError ? asNamedHere(error, running.route) : error;
  }
}

async function run(running: Running, { respond, kept }: Means): Promise<Ran> {
  const { route, story } = running;
  const ip = story.address;
  const ask = async ({ operation, variables }: Operated): Promise<Outcome> => {
    const asked = { query: operation, operationName: null, variables };
    return (await respond(asked, story)).outcome;
  };
  const input = await lookedUp(running, ask);
  const operated = { operation: route.operation, variables: route.variables(input) };
  if (route.keptMs !== undefined) {
    const load = async () => loaded(await ask(operated));
    const { data, ageMs, stale, whole } = await kept.answerFor(operated, {
      ...{ load, freshMs: route.keptMs },
    });
    const told = { input, ip, degraded: !whole, stale };
    return { ...route.answer(data, told), ageMs, stale: stale || !whole };
  }
  const { data, degraded } = await answered(route, operated, ask);
  return route.answer(data, { input, ip, degraded, stale: false });
}

const loaded = (outcome: Outcome) => ({
  data: standing(outcome),
  whole: (outcome.errors ?? []).length === 0,
});

type Ask = (operated: Operated) => Promise<Outcome>;

async function lookedUp({ route: { lookup }, input }: Running, ask: Ask): Promise<object> {
  const variables = lookup?.variables(input);
  if (!lookup || !variables) return input;
  const data = standing(await ask({ operation: lookup.operation, variables }));
  return lookup.found(data, input) as object;
}

/** A screen whose main part is down still shows what the others say. */
async function answered({ fallback }: RestRoute, operated: Operated, ask: Ask) {
  const outcome = await ask(operated);
  const { variables } = operated;
  if (fallback && !stands(outcome) && (outcome.errors ?? []).some(isDown)) {
    const rest = await ask({ operation: fallback, variables });
    return { data: standing(rest), degraded: true };
  }
  return { data: standing(outcome), degraded: (outcome.errors ?? []).length > 0 };
}

/** Throws PublicError unless the viewer may call it; what they may see is decided below. */
export function checkMay({ access }: RestRoute, viewer: Viewer): void {
  if (access === 'anyone') return;
  if (viewer.kind === 'anonymous') throw new PublicError('UNAUTHENTICATED', 'Please sign in.');
  if (access === 'signed-in' || viewer.roles.some((role) => access.includes(role))) return;
  throw new PublicError('FORBIDDEN', 'This is for the staff of the bank.');
}

/** Data with holes is an answer as long as one root field stands. */
const stands = ({ data }: Outcome): boolean =>
  data ? Object.values(data).some((value) => value !== null) : false;

const isDown = ({ extensions }: GraphQLFormattedError) => downCodes.has(extensions?.['code']);

/** The data; without any that stands, the first error is thrown: the caller's own before ours. */
function standing(outcome: Outcome): Data {
  const { data, errors = [] } = outcome;
  const [first] = [...errors].sort((one, other) => Number(isDown(one)) - Number(isDown(other)));
  if (first && !stands(outcome)) throw asThrown(first);
  return data ?? {};
}

/** INTERNAL keeps the id of its record. */
const asThrown = ({ message, extensions = {} }: GraphQLFormattedError): GraphQLError =>
  new GraphQLError(message, { extensions });

/** A field is named as the REST caller knows it. */
function asNamedHere(error: GraphQLError, { fieldNames }: RestRoute): GraphQLError {
  const { field } = error.extensions;
  if (typeof field !== 'string') return error;
  const name = field.replace(/^input\./, '');
  const extensions = { ...error.extensions, field: fieldNames?.[name] ?? name };
  return new GraphQLError(error.message, { extensions, originalError: error });
}
