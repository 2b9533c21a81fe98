import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { type Finding, type Look, nothing } from './finding.ts';

/** An entity as its owner has it, or as another context has it copied from events. */
export type Described = {
  readonly id: string;
  readonly version: number;
  readonly fields: Readonly<Record<string, string>>;
};
export type CopyFacts = {
  /** A position is named by its account and its asset. */
  readonly kind: 'account' | 'asset' | 'position';
  readonly owner: Subscriber;
  readonly holder: Subscriber;
  readonly id: string;
  readonly master: Described | null;
  readonly copy: Described | null;
};

/** A copy may hold fewer fields than its owner; those that it holds are the same. */
const described = ({ version, fields }: Described, names: readonly string[]): string =>
  [`v${version}`, ...names.map((name) => `${name} ${fields[name]}`)].join(', ');

/** Copies equal their owner in version and content (OPS-50). */
export function copyFindings(facts: CopyFacts): readonly Finding[] {
  const { kind, owner, holder, id, master, copy } = facts;
  const names = Object.keys(copy?.fields ?? {}).sort();
  const expected = master ? described(master, names) : nothing;
  const actual = copy ? described(copy, names) : nothing;
  if (expected === actual) return [];
  const [account = id] = id.split(':');
  const look: Look = kind === 'position' ? { kind: 'account', id: account } : { kind, id };
  return [
    {
      law: `${kind} copies equal their owner`,
      context: holder,
      accountId: kind === 'asset' ? null : account,
      subject: `${kind} ${id}`,
      expected,
      actual,
      look,
      explanation: { from: owner, to: holder, aggregateId: id },
    },
  ];
}
