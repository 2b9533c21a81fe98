import { greetingName } from '../domain/address.ts';
import type { Kind } from '../domain/kinds.ts';

export type Letter = { readonly subject: string; readonly text: string; readonly html: string };
type Said = { readonly kind: Kind; readonly title: string; readonly text: string };

const promise = 'SimpleBank never asks for your password, and sends no links to sign in.';

const closing = (kind: Kind): string =>
  kind === 'SECURITY'
    ? 'Messages about your security cannot be turned off.'
    : 'You choose in the application which messages you get.';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, inside an element or a quoted attribute. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '');

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title></head>
<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 1em auto">
${body}
</body>
</html>
`;

/** A message as a mail: plain text, and the same as HTML without links, pictures or scripts. */
export function layOut({ kind, title, text }: Said, name: string): Letter {
  const known = greetingName(name);
  const lines = [
    known === null ? 'Hello,' : `Hello ${known},`,
    text,
    'You find this message in the application, too.',
  ];
  const small = `${closing(kind)} ${promise}`;
  const body = [
    `<h1 style="font-size: 1.2em">${escaped(title)}</h1>`,
    ...lines.map((line) => `<p>${escaped(line)}</p>`),
    `<p style="color: #666; font-size: 0.85em">${escaped(small)}</p>`,
  ];
  return {
    subject: title,
    text: `${[...lines, '-- ', small].join('\n\n')}\n`,
    html: page(escaped(title), body.join('\n')),
  };
}
