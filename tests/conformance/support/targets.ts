import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export type Kind = 'subgraphs' | 'services' | 'gateways';

/** A process of the bank, found by its workspace: a new one is tested without an edit. */
export type Target = {
  readonly kind: Kind;
  readonly name: string;
  readonly main: string;
  readonly hasDatabase: boolean;
  /** An outside party that we play shares no queue, so it needs no Redis. */
  readonly needsRedis: boolean;
  /** Answers requests; the others work by events alone. */
  readonly hasDoor: boolean;
};

export const targetsOf = (...kinds: readonly Kind[]): readonly Target[] =>
  kinds.flatMap((kind) =>
    readdirSync(join(root, kind))
      .filter((name) => existsSync(join(root, kind, name, 'src/main.ts')))
      .map((name) => targetOf(kind, name)),
  );

function targetOf(kind: Kind, name: string): Target {
  const read = (file: string) => readFileSync(join(root, kind, name, 'src', file), 'utf8');
  return {
    kind,
    name,
    main: join(kind, name, 'src/main.ts'),
    hasDatabase: existsSync(join(root, 'prisma', name, 'schema.prisma')),
    needsRedis: !read('app.ts').includes('sharesQueues: false'),
    hasDoor: kind === 'gateways' || /serve(Subgraph|Json|Pages)\(/.test(read('app.ts')),
  };
}
