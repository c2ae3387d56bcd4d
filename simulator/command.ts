import { readFileSync } from 'node:fs';
import { fixtureFields, type Fixture } from './fixture.js';
import { startSimulator, type Simulator } from './simulator.js';

export interface CommandOptions {
  host?: string | undefined;
  port?: number | undefined;
  fixtureFile?: string | undefined;
  strict?: boolean | undefined;
  /** Untidy by this seed. */
  untidy?: number | undefined;
}

/** What `tenantry simulator` does: starts the imitation and tells in one line of JSON how to reach it. */
export async function runSimulator(
  { fixtureFile, strict = false, untidy: seed, ...place }: CommandOptions,
  { stdout, stderr }: { stdout(line: string): void; stderr(line: string): void },
): Promise<Simulator> {
  const told = fixtureFile === undefined ? {} : readFixture(fixtureFile);
  const fixture = { ...told, ...(strict && { strict }), ...(seed !== undefined && { untidy: { seed } }) };
  const simulator = await startSimulator({ ...place, fixture, log: stderr });
  const { url, clientId, clientSecret, rootTenantId, login, password } = simulator;
  stdout(JSON.stringify({ url, clientId, clientSecret, rootTenantId, login, password }));
  return simulator;
}

/** Fails, and says what is wrong, when the file cannot be used. */
export function readFixture(file: string): Fixture {
  let fixture: unknown;
  try {
    fixture = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read as a JSON fixture: ${(error as Error).message}`, { cause: error });
  }
  for (const [name, value] of Object.entries(fixture as object)) {
    const wanted = (fixtureFields as Record<string, string>)[name];
    if (wanted === undefined)
      throw new Error(`${file}: ${name} is no field of a fixture; known are ${Object.keys(fixtureFields).join(', ')}`);
    if (typeof value !== wanted) throw new Error(`${file}: ${name} must be a ${wanted}`);
  }
  return fixture as Fixture;
}
