import { demoPassword, people, staff } from '../seed/people.ts';
import type { Settings } from './settings.ts';

type Told = {
  readonly urls: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly readyMs: number;
};

const calendarNote = {
  always: 'open around the clock (MARKET_CALENDAR=always, for demonstration)',
  nyse: 'open in the hours of the New York Stock Exchange (MARKET_CALENDAR=nyse)',
} as const;

const withoutDemo =
  '  The demo bank is not loaded (SIMPLEBANK_DEMO=off): begin with the mutation signUp.';

/** As JSON inside single quotes wants it. */
function signInText(): string {
  const input = `{email: \\"${people[0]?.email}\\", password: \\"${demoPassword}\\"}`;
  const asked = '{ ... on SignInSuccess { tokens { accessToken } } }';
  return `mutation { signIn(input: ${input}) ${asked} }`;
}

function howToSignIn(webUrl: string): string {
  const users = people.map(({ email, name }) => `    ${email.padEnd(22)} ${name}, customer`);
  return `  Sign in with the password ${demoPassword}
${users.join('\n')}
    ${staff.email.padEnd(22)} ${staff.name}, staff (federation gateway)

    curl -s ${webUrl} -H 'content-type: application/json' -d \\
      '{"query":"${signInText()}"}'`;
}

/** Empty when the bank has a mail server of its own. */
const mailLine = (url: string | undefined): string =>
  url === undefined
    ? ''
    : `  mail        ${url}/mail         what the bank has mailed to its customers\n`;

/** What a person needs once the bank is ready: where, who, how to go on, how to stop. */
export function welcome({ urls, settings, readyMs }: Told): string {
  const graphql = (name: string) => `${urls[name]}/graphql`;
  const calendar = settings.calendar === 'nyse' ? calendarNote.nyse : calendarNote.always;
  return `
SimpleBank is ready after ${(readyMs / 1000).toFixed(1)} s.

  web         ${graphql('web')}         for browser applications
  mobile      ${graphql('mobile')}         for phone applications
  federation  ${graphql('federation')}         the whole graph, for staff
  explorer    ${urls['federation']}/explorer
  health      ${urls['operations']}/health/ready         also /metrics
${mailLine(urls['mail'])}
${settings.seedDemo ? howToSignIn(graphql('web')) : withoutDemo}

  The market is ${calendar}.
  Watch a story:  npm run demo   (in a second terminal)
  Data and log:   ${settings.dataDir}
  Stop:           Ctrl-C          Start afresh: npm run reset
`;
}
