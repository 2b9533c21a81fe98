import { type Data, isData, ownIn } from './plan-nodes.ts';

type Path = readonly (string | number)[];

/** The objects that stand at a path of a plan, in which `@` stands for every item of a list. */
export function placesAt(root: Data, names: readonly string[]): Data[] {
  let level: unknown[] = [root];
  for (const name of names) {
    const next: unknown[] = [];
    for (const value of level) {
      if (name === '@') for (const item of itemsOf(value)) next.push(item);
      else if (isData(value)) next.push(ownIn(value, name));
    }
    level = next;
  }
  return level.filter(isData);
}

function itemsOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new Error('a subgraph answered no list where one was planned');
}

/** Where in the answer these objects stand, in the same order. */
export function pathsTo(root: Data, names: readonly string[]): Path[] {
  const paths: Path[] = [];
  const path: (string | number)[] = [];
  walk(root, { names, at: 0, path, found: () => void paths.push([...path]) });
  return paths;
}

type Walk = {
  readonly names: readonly string[];
  readonly at: number;
  readonly path: (string | number)[];
  readonly found: () => void;
};

function walk(value: unknown, { names, at, path, found }: Walk): void {
  const name = names[at];
  const next = { names, at: at + 1, path, found };
  if (name === '@') {
    for (const [index, item] of itemsOf(value).entries()) {
      path.push(index);
      walk(item, next);
      path.pop();
    }
  } else if (isData(value)) {
    if (name === undefined) {
      found();
      return;
    }
    path.push(name);
    walk(ownIn(value, name), next);
    path.pop();
  }
}
