import { type ChildProcess, spawn } from 'node:child_process';
import { root } from '../generate/units.ts';
import { type LineListener, lineCutter } from './log-lines.ts';
import { type ReadyState, waitUntilReady } from './readiness.ts';

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** One operating-system process; `restart` makes it a new one at the same addresses. */
export type Instance = {
  readonly name: string;
  /** 0 for the first of this name. */
  readonly index: number;
  /** Of the present or last run. */
  readonly pid: number;
  readonly running: boolean;
  /** Its own door, past any round robin; null for a worker. */
  readonly url: string | null;
  readonly operationsUrl: string;
  /** How the present or last run ended. */
  readonly exited: Promise<Exit>;
  /** SIGKILL unless told; resolves once it has ended. A process that hangs ends by SIGKILL only. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
  /** SIGSTOP: connections stay open and nobody answers. */
  readonly hang: () => void;
  /** SIGCONT. */
  readonly resume: () => void;
  /** SIGTERM, as an operator stops it; by SIGKILL when it takes too long. Answers the exit code. */
  readonly stop: () => Promise<number | null>;
  /** Stops it if it runs, starts it again and waits until it is ready. */
  readonly restart: () => Promise<void>;
  /** What the last words of its log say, for whoever wonders why it ended. */
  readonly lastWords: () => readonly string[];
};

export type Plan = {
  readonly name: string;
  readonly index: number;
  /** The file that Node runs. */
  readonly main: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly url: string | null;
  readonly operationsUrl: string;
  readonly onLine: LineListener;
  readonly readyWithinMs: number;
};

export type Startable = Instance & {
  /** Starts it without waiting. Nothing happens when it runs. */
  readonly launch: () => void;
  /** Resolves when it is ready; rejects with the reason when it ends first or takes too long. */
  readonly ready: () => Promise<void>;
};

const stopWithinMs = 15_000;
const wordsMax = 8;
const followParent = new URL('./follow-parent.mjs', import.meta.url).href;

function spawnProcess({ main, env }: Plan): ChildProcess {
  const args = ['--import', followParent, main];
  return spawn(process.execPath, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C is for who started it: told twice to stop, a process leaves its work at once.
    detached: process.platform !== 'win32',
  });
}

type Run = { readonly child: ChildProcess; readonly exited: Promise<Exit>; ended: Exit | null };

function runOf(plan: Plan, onLine: (text: string) => void): Run {
  const child = spawnProcess(plan);
  for (const stream of [child.stdout, child.stderr]) {
    const cutter = lineCutter(onLine);
    stream?.setEncoding('utf8');
    stream?.on('data', cutter.push);
    stream?.on('end', cutter.end);
  }
  const run: Run = { child, ended: null, exited: endOf(child) };
  void run.exited.then((exit) => {
    run.ended = exit;
  });
  return run;
}

/** `close` comes after the last line was read. */
const endOf = (child: ChildProcess): Promise<Exit> =>
  new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });

const notStarted = (name: string) => new Error(`${name} was not started yet.`);

/** The present or last run of a process, and what it said. */
function runner(plan: Plan) {
  const { name, index, operationsUrl, onLine } = plan;
  const speaker = { name, index };
  const words: string[] = [];
  let run: Run | null = null;
  const hear = (text: string) => {
    words.push(text);
    if (words.length > wordsMax) words.shift();
    onLine(text, speaker);
  };
  const isRunning = () => run !== null && run.ended === null;
  const state = (): ReadyState => ({ ended: run?.ended ?? null, words });
  return {
    words,
    isRunning,
    current: (): Run => {
      if (!run) throw notStarted(name);
      return run;
    },
    launch: () => {
      if (!isRunning()) run = runOf(plan, hear);
    },
    ready: () => waitUntilReady({ ...speaker, operationsUrl, withinMs: plan.readyWithinMs, state }),
  };
}

async function stopRun({ child, exited }: Run): Promise<number | null> {
  const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  child.kill('SIGTERM');
  const { code } = await exited;
  clearTimeout(late);
  return code;
}

/** A process that is not started yet. */
export function createInstance(plan: Plan): Startable {
  const { name, index, url, operationsUrl } = plan;
  const { current, isRunning, launch, ready, words } = runner(plan);
  const stop = () => stopRun(current());
  return {
    ...{ name, index, url, operationsUrl, launch, ready, stop },
    get pid() {
      return current().child.pid ?? 0;
    },
    get running() {
      return isRunning();
    },
    get exited() {
      return current().exited;
    },
    kill: async (signal = 'SIGKILL') => {
      current().child.kill(signal);
      await current().exited;
    },
    hang: () => void current().child.kill('SIGSTOP'),
    resume: () => void current().child.kill('SIGCONT'),
    restart: async () => {
      if (isRunning()) await stop();
      launch();
      await ready();
    },
    lastWords: () => words,
  };
}
