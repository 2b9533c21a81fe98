/** What a browser holds of a session. Pages never see either: both are HttpOnly. */
export type HeldTokens = { readonly access: string | null; readonly refresh: string | null };
export type NewTokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** The session can be refreshed until then, so both cookies stay until then. */
  readonly refreshTokenExpiresAt: string;
};

/** Where the calls of a session answer; the refresh token travels to these and nowhere else. */
export const sessionPaths = ['/session', '/v1/session'] as const;

/** A JWT or 256 random bits as text: nothing that a cookie would have to escape. */
const tokenText = /^[\w.-]{1,4096}$/;

export type SessionCookies = ReturnType<typeof createSessionCookies>;

/** A prefix binds a cookie to TLS, and the first one to this host alone. */
export const cookieNames = ({ secure }: { readonly secure: boolean }) => ({
  access: secure ? '__Host-simplebank-access' : 'simplebank-access',
  refresh: secure ? '__Secure-simplebank-refresh' : 'simplebank-refresh',
});

/**
 * The two cookies of a session. `__Host-` keeps subdomains and plain HTTP from planting the access
 * token; the refresh token is bound to its paths, which that prefix forbids. An access token that
 * has expired is still sent, so that the answer can say that a refresh will help.
 */
export function createSessionCookies({ secure }: { readonly secure: boolean }) {
  const { access: accessName, refresh: refreshName } = cookieNames({ secure });
  const marks = `HttpOnly${secure ? '; Secure' : ''}; SameSite=Strict`;
  const line = ({ name, value, path, maxAge }: Line) =>
    `${name}=${value}; Path=${path}; Max-Age=${maxAge}; ${marks}`;
  const lines = (access: string, refresh: string, maxAge: number) => [
    line({ name: accessName, value: access, path: '/', maxAge }),
    ...sessionPaths.map((path) => line({ name: refreshName, value: refresh, path, maxAge })),
  ];
  return {
    /** Values of `set-cookie`. */
    set({ accessToken, refreshToken, refreshTokenExpiresAt }: NewTokens, now: Date): string[] {
      const leftMs = Date.parse(refreshTokenExpiresAt) - now.getTime();
      return lines(accessToken, refreshToken, Math.max(0, Math.floor(leftMs / 1_000)));
    },
    clear: (): string[] => lines('', '', 0),
    read: (header: string | undefined): HeldTokens => ({
      access: tokenIn(header, accessName),
      refresh: tokenIn(header, refreshName),
    }),
  };
}

type Line = {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly maxAge: number;
};

/** Null for a cookie that is absent, is no token of ours, or stands there twice. */
function tokenIn(header: string | undefined, name: string): string | null {
  const given = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  const [only, ...others] = given;
  const value = only?.slice(name.length + 1) ?? '';
  return others.length === 0 && tokenText.test(value) ? value : null;
}
