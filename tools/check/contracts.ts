import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { gateways, root } from '../generate/units.ts';
import { type BreakingChange, breakingChanges } from './contract-changes.ts';
import { problemsOfOperations, releaseOperations } from './released-operations.ts';

export type Places = {
  readonly present: string;
  readonly released: string;
  /** The operations of the present phone application. */
  readonly operations: string;
};

export const places: Places = {
  present: join(root, 'docs/schema'),
  released: join(root, 'docs/schema/released'),
  operations: join(root, 'gateways/mobile/src/generated/persisted-operations.json'),
};
const operationsFile = 'mobile-operations.json';
const acceptedFile = 'accepted-changes.json';
const acceptedShape = z.array(
  z.object({ gateway: z.enum(gateways), change: z.string(), reason: z.string().min(1) }),
);

/**
 * Words for every breaking change that nobody accepted, for what was accepted in vain, and for
 * every operation of a released phone application that would fail; that nobody can accept.
 */
export async function problemsOfContracts({ present, released }: Places): Promise<string[]> {
  const accepted = acceptedShape.parse(
    JSON.parse(readFileSync(join(released, acceptedFile), 'utf8')),
  );
  const found = await Promise.all(
    gateways.map(async (gateway) => {
      const read = (folder: string) => readFileSync(join(folder, `${gateway}.graphql`), 'utf8');
      const changes = await breakingChanges(read(released), read(present));
      return changes.map((one) => ({ gateway, ...one }));
    }),
  );
  const changes = found.flat();
  const same = (one: Named, other: Named) =>
    one.gateway === other.gateway && one.change === other.change;
  const mobile = readFileSync(join(present, 'mobile.graphql'), 'utf8');
  const broken = problemsOfOperations(join(released, operationsFile), mobile);
  return [
    ...broken.map((problem) => `mobile: ${problem}`),
    ...changes
      .filter((one) => !accepted.some((other) => same(one, other)))
      .map(({ gateway, change, message }) => `${gateway}: ${change}: ${message}`),
    ...accepted
      .filter((one) => !changes.some((other) => same(one, other)))
      .map(
        ({ gateway, change }) => `${gateway}: ${change} is accepted in ${acceptedFile}, in vain`,
      ),
  ];
}

type Named = Pick<BreakingChange, 'change'> & { readonly gateway: string };

/** The present contracts become the released ones; what was accepted until now is history. */
export function release({ present, released, operations }: Places): void {
  for (const gateway of gateways) {
    copyFileSync(join(present, `${gateway}.graphql`), join(released, `${gateway}.graphql`));
  }
  releaseOperations(join(released, operationsFile), operations);
  writeFileSync(join(released, acceptedFile), '[]\n');
}
