import { readFileSync } from 'node:fs';

interface PackageJson {
  version: string;
  dependencies: Record<string, string>;
}

/** The version of this program. */
export function version(): string {
  return packageJson().version;
}

/** The version of Temporal's SDK, which is pinned. */
export function temporalSdkVersion(): string {
  return packageJson().dependencies['@temporalio/client']!;
}

function packageJson(): PackageJson {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as PackageJson;
}
