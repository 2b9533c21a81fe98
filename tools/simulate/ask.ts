import type { Viewer } from '@simplebank/chassis/auth';
import { type ExecutionResult, execute, parse } from 'graphql';
import { act } from './act.ts';
import type { Station } from './bank.ts';
import type { World } from './world.ts';

/** A mutation with its input, as it may be sent again after a lost answer. */
export type Command = {
  readonly context: 'accounts' | 'orders' | 'strategies' | 'assets';
  readonly viewer: Viewer;
  readonly name: string;
  readonly text: string;
  readonly input: Readonly<Record<string, unknown>>;
};

export type Said =
  | { readonly kind: 'DONE'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly kind: 'REFUSED'; readonly code: string }
  /** The process died; nobody knows whether it happened. */
  | { readonly kind: 'LOST' };

const documents = new Map<string, ReturnType<typeof parse>>();

function documentOf(text: string) {
  const known = documents.get(text) ?? parse(text);
  documents.set(text, known);
  return known;
}

/** Asks a context as its HTTP door does, without HTTP. */
async function answerOf(world: World, station: Station, { viewer, text, input }: Command) {
  const { graph } = station.steps();
  if (!graph) throw new Error(`${station.context} answers no requests`);
  const requestId = `step-${world.step}`;
  const cause = { correlationId: requestId, causationId: null, traceparent: null };
  const answer: ExecutionResult = await execute({
    schema: graph.schema,
    document: documentOf(text),
    contextValue: graph.contextFor({ viewer, cause, requestId }),
    variableValues: { input },
  });
  const [error] = answer.errors ?? [];
  const code: unknown = error?.extensions['code'];
  if (error && typeof code === 'string') return { refused: code };
  if (error) throw error.originalError ?? error;
  return { data: answer.data ?? {} };
}

export async function ask(world: World, command: Command): Promise<Said> {
  const station = world.bank[command.context];
  const label = `${command.name} ${JSON.stringify(command.input)}`;
  const outcome = await act(world, { station, label }, () => answerOf(world, station, command));
  const said = saidBy(outcome, command.name);
  world.trace.note(`  ${JSON.stringify(said)}`);
  return said;
}

type Outcome = Awaited<ReturnType<typeof act<Awaited<ReturnType<typeof answerOf>>>>>;

function saidBy(outcome: Outcome, name: string): Said {
  if (outcome.kind !== 'DONE') return { kind: 'LOST' };
  const { data, refused } = outcome.answer;
  if (refused !== undefined) return { kind: 'REFUSED', code: refused };
  const result = (data?.[name] ?? {}) as Record<string, unknown>;
  if (typeof result['code'] === 'string') return { kind: 'REFUSED', code: result['code'] };
  return { kind: 'DONE', data: result };
}
