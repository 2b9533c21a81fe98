/** One instruction, with continued lines joined and comments left out. */
type Instruction = { readonly word: string; readonly rest: string };
export type Stage = {
  readonly name: string;
  readonly from: string;
  readonly instructions: readonly Instruction[];
};

function instructionsIn(text: string): Instruction[] {
  const joined = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ');
  return joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
      return { word: word.toUpperCase(), rest };
    });
}

/** The stages of a Dockerfile in order. Throws when an instruction comes before the first FROM. */
export function stagesOf(text: string): readonly Stage[] {
  const stages: { name: string; from: string; instructions: Instruction[] }[] = [];
  for (const instruction of instructionsIn(text)) {
    if (instruction.word === 'FROM') {
      const [from = '', , name = ''] = instruction.rest.split(/\s+/);
      stages.push({ name, from, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (!stage) throw new Error(`${instruction.word} before FROM`);
    stage.instructions.push(instruction);
  }
  return stages;
}

/** What a target is made of: its own stage after those that it is built on. */
export function lineage(stages: readonly Stage[], target: string): readonly Stage[] {
  const stage = stages.find(({ name }) => name === target);
  if (!stage) return [];
  return [...lineage(stages, stage.from), stage];
}

/** The last instruction of that word that a target has, inherited ones included. */
export const lastOf = (stages: readonly Stage[], target: string, word: string): string | null =>
  lineage(stages, target)
    .flatMap(({ instructions }) => instructions)
    .filter((each) => each.word === word)
    .at(-1)?.rest ?? null;

/** Every `NAME=value` of ENV that a target has; later ones win. */
export const environmentOf = (
  stages: readonly Stage[],
  target: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lineage(stages, target)
      .flatMap(({ instructions }) => instructions)
      .filter(({ word }) => word === 'ENV')
      .flatMap(({ rest }) => [...rest.matchAll(/(\w+)=(\S+)/g)])
      .map(([, name = '', value = '']) => [name, value]),
  );

/** The words of an exec form, or null for a shell form. */
export function execForm(text: string): readonly string[] | null {
  const at = text.indexOf('[');
  if (at !== 0) return null;
  const words: unknown = JSON.parse(text);
  return Array.isArray(words) ? words.map(String) : null;
}
