import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes a minute or more, longest first. */
const long = [
  'tests/simulation/seeds.test.ts',
  'tests/conformance/subgraphs.test.ts',
  'tests/embedded/start.test.ts',
  'tests/conformance/gateways.test.ts',
  'tests/simulation/plants.test.ts',
  'tests/events/convergence.test.ts',
  'tests/conformance/services.test.ts',
  'tests/ops/reconciler.test.ts',
  'tests/e2e/main-job.test.ts',
];

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = long.findIndex((file) => moduleId.endsWith(file));
  return place < 0 ? long.length : place;
};

/** Begins with the longest files, so that no worker is left alone with one of them in the end. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
