import { allocations } from './allocations.ts';
import { calendar } from './calendar.ts';
import { type Fields, InputProblem, isFields, type Verdict } from './cases.ts';
import { fees } from './fees.ts';
import { lots } from './lots.ts';
import { returns } from './returns.ts';

type Kind = { readonly lists: string; readonly judge: (file: Fields) => readonly Verdict[] };

const kinds: Readonly<Record<string, Kind>> = {
  fees: { lists: 'examples, notionalExamples', judge: fees },
  calendar: { lists: 'probes, tradingDaysPerYear', judge: calendar },
  allocations: { lists: 'raw, strategyOrders, cashFlow', judge: allocations },
  returns: { lists: 'xirr, twr, gains, drift', judge: returns },
  lots: { lists: 'lots', judge: lots },
};

const usage = `npm run -s verify -- <${Object.keys(kinds).join('|')}> <file.json>`;

/** Lines for stdout, or one complaint for stderr; 1 is a difference, 2 a file not understood. */
export type Answer = {
  readonly exitCode: 0 | 1 | 2;
  readonly lines: readonly string[];
  readonly complaint: string | null;
};

/** Judges every case of a file, or none when one of them is not understood. */
export function verify(args: readonly string[], readFile: (path: string) => string): Answer {
  try {
    const verdicts = judge(args, readFile);
    const failed = verdicts.filter(({ ok }) => !ok).length;
    const lines = verdicts.map((verdict) => JSON.stringify(verdict));
    const result = `${verdicts.length - failed} passed, ${failed} failed`;
    return { exitCode: failed > 0 ? 1 : 0, lines: [...lines, result], complaint: null };
  } catch (error) {
    if (!(error instanceof InputProblem)) throw error;
    return { exitCode: 2, lines: [], complaint: `verify: ${error.message}` };
  }
}

function judge(args: readonly string[], readFile: (path: string) => string): readonly Verdict[] {
  const [name, path, ...others] = args;
  if (name === undefined || path === undefined || others.length > 0) {
    throw new InputProblem(`name a kind and a file: ${usage}`);
  }
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) throw new InputProblem(`there is no kind ${oneLine(name)}: ${usage}`);
  try {
    const verdicts = kind.judge(parse(readFile(path)));
    if (verdicts.length > 0) return verdicts;
    throw new InputProblem(`there is no case for ${name}, which reads ${kind.lists}`);
  } catch (error) {
    const told = error instanceof InputProblem || isSystemError(error);
    if (!told) throw error;
    throw new InputProblem(oneLine(`${path}: ${error.message}`), { cause: error });
  }
}

function parse(text: string): Fields {
  const file = parseJson(text.replace(/^\uFEFF/, ''));
  if (!isFields(file)) throw new InputProblem('must be a JSON object with lists of cases');
  return file;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new InputProblem(`is not JSON: ${words}`, { cause: error });
  }
}

const isSystemError = (error: unknown): error is Error => error instanceof Error && 'code' in error;

/** A file may put anything into a name or into the words of its parser. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
