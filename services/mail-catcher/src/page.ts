import type { CaughtMail } from './mails.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '');

const shown = ({ receivedAt, from, to, subject, messageId, text, html }: CaughtMail): string => `
<article>
  <h2>${escaped(subject)}</h2>
  <p>${escaped(receivedAt.toISOString())}, from ${escaped(from)} to ${escaped(to.join(', '))}</p>
  <pre>${escaped(text)}</pre>
  <details><summary>as HTML</summary><iframe sandbox srcdoc="${escaped(html)}"></iframe></details>
  <p><small>${escaped(messageId)}</small></p>
</article>`;

const style = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; }
article { border-top: 1px solid #bbb; padding: 1rem 0; } h2 { margin: 0; font-size: 1.1rem; }
pre { white-space: pre-wrap; } iframe { width: 100%; height: 22rem; border: 1px solid #ddd; }`;

/** Every word of a mail is shown as text: a mail is nobody's page. */
export const mailPage = (mails: readonly CaughtMail[]): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Mail of this bank</title><style>${style}</style></head>
<body>
<h1>Mail of this bank</h1>
<p>The newest ${mails.length}, none of which left this machine.
As JSON: <a href="/mail.json">/mail.json</a></p>
${mails.map(shown).join('')}
</body>
</html>
`;
