import type { Viewer } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { OperationTypeNode, print } from 'graphql';
import type { Asked, Operation, Outcome } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import { type Access, checkAccess } from './access.ts';
import { type Asking, complete } from './complete.ts';
import type { Rules } from './directives.ts';
import { createFieldRights, type FieldRights } from './field-rights.ts';
import { heldBy, nameOfRights } from './held-rights.ts';
import { reduced } from './reduce.ts';
import { meets } from './requirement.ts';

export type Rights = {
  /**
   * What of an operation the viewer may run. Throws PublicError UNAUTHENTICATED or FORBIDDEN for an
   * operation that may not run at all: a change is made whole or not.
   */
  readonly allow: (operation: Operation, viewer: Viewer) => Allowed;
};

type Allowed = {
  /** Null when nothing of it remains. */
  readonly operation: Operation | null;
  /** Puts what was refused into the answer, as null with an error; null when nothing was. */
  readonly refuse: ((outcome: Outcome, asked: Asked, story: Story) => Outcome) | null;
};

type RightsOptions = {
  readonly access?: Access | undefined;
  /** What the supergraph behind this schema requires; a reload brings others. */
  readonly rulesOf: (schema: GraphQLSchema) => Rules;
};

/** Decides once per operation and set of rights, as long as the operation is known. */
export function createRights({ access, rulesOf }: RightsOptions): Rights {
  const readers = new WeakMap<GraphQLSchema, FieldRights>();
  const known = new WeakMap<OperationDefinitionNode, Map<string, Decision | null>>();

  function fieldRightsOf(schema: GraphQLSchema): FieldRights {
    const found = readers.get(schema) ?? createFieldRights(schema, rulesOf(schema));
    readers.set(schema, found);
    return found;
  }

  function decided(operation: Operation, viewer: Viewer): Decision | null {
    const decisions = known.get(operation.definition) ?? new Map<string, Decision | null>();
    known.set(operation.definition, decisions);
    const name = nameOfRights(viewer);
    const found = decisions.get(name);
    if (found !== undefined) return found;
    const decision = decide(operation, fieldRightsOf(operation.schema), viewer);
    decisions.set(name, decision);
    return decision;
  }

  return {
    allow(operation, viewer) {
      if (access) checkAccess(access, viewer, operation);
      const decision = decided(operation, viewer);
      if (!decision) return { operation, refuse: null };
      if (decision.whole) throw refusal(viewer);
      return {
        operation: decision.reduced && { ...operation, ...decision.reduced },
        refuse: (outcome, asked, story) => withRefused(decision.asking, outcome, { asked, story }),
      };
    },
  };
}

/** Null for an operation of which nothing is refused. */
type Decision = {
  readonly reduced: Pick<Operation, 'text' | 'document' | 'definition'> | null;
  readonly asking: Asking;
  /** Nothing of it may run. */
  readonly whole: boolean;
};

function decide(operation: Operation, rightsOf: FieldRights, viewer: Viewer): Decision | null {
  const { schema, document, definition } = operation;
  const held = heldBy(viewer);
  const kept = reduced(definition, {
    schema,
    document,
    mayAnswer: (parent, field) => meets(held, rightsOf(parent, field)),
  });
  const { refused, typeKey, reduced: rest, refusesRoot } = kept;
  if (refused.size === 0) return null;
  return {
    reduced: rest && { ...rest, text: print(rest.document) },
    asking: { schema, document, definition, refused, typeKey },
    whole: refusesRoot && definition.operation !== OperationTypeNode.QUERY,
  };
}

const refusal = ({ kind }: Viewer): PublicError =>
  kind === 'anonymous'
    ? new PublicError('UNAUTHENTICATED', 'Please sign in.')
    : new PublicError('FORBIDDEN', 'You may not do this.');

type Telling = { readonly asked: Asked; readonly story: Story };

/**
 * Of an answer that an error has emptied whole, the refusals at its root are told: of those further
 * in nobody knows whether there is anything at their place. Without data nothing was run.
 */
function withRefused(asking: Asking, outcome: Outcome, { asked, story }: Telling): Outcome {
  if (outcome.data === undefined) return outcome;
  const { data, paths } = complete(asking, outcome.data ?? {}, asked.variables);
  const { message, code } = refusal(story.viewer);
  const extensions = { code, requestId: story.requestId };
  const refusals = paths.map((path) => ({ message, path, extensions }));
  return {
    ...outcome,
    data: outcome.data && data,
    errors: [...(outcome.errors ?? []), ...refusals],
    cacheHint: { maxAgeSeconds: 0, scope: 'PRIVATE' },
  };
}
