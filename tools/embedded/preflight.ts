const nodeFloor = [20, 19] as const;

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Exits with 1 and one line when this Node is older than the floor of package.json. */
export function refuseOldNode(version = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [floorMajor, floorMinor] = nodeFloor;
  if (major > floorMajor || (major === floorMajor && minor >= floorMinor)) return;
  console.error(
    `Node ${version} is too old: SimpleBank needs Node ${nodeFloor.join('.')} or newer.`,
  );
  process.exit(1);
}
