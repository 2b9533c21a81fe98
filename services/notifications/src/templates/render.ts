import type { Template } from '../domain/kinds.ts';
import type { Facts } from '../domain/notification.ts';
import * as investing from './investing.ts';
import * as money from './money.ts';
import * as security from './security.ts';
import type { Text, Words } from './words.ts';

const templates: Readonly<Record<Template, Words>> = { ...money, ...investing, ...security };

const factCharsMax = 120;

/** One line of text, whatever an event brought: a fact cannot add lines to a message. */
const oneLine = (fact: string): string =>
  [...fact.replaceAll(/[\s\p{C}]+/gu, ' ').trim()].slice(0, factCharsMax).join('');

/** The words of a notification. Throws when the facts lack one that the template names. */
export function render(template: Template, facts: Facts): Text {
  return templates[template]((name) => {
    const fact = facts[name];
    if (fact === undefined) throw new Error(`template ${template} lacks the fact ${name}`);
    return oneLine(fact);
  });
}
