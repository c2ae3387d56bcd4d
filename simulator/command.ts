import { readFileSync } from 'node:fs';
import { fixtureFields, type Fixture } from './fixture.js';
import { startSimulator, type Simulator } from './simulator.js';

export interface CommandOptions {
  host?: string | undefined;
  port?: number | undefined;
  fixtureFile?: string | undefined;
  strict?: boolean | undefined;
  /** Makes the cloud untidy, with this random seed. */
  untidy?: number | undefined;
}

/** Runs `tenantry simulator`: starts a simulator and prints its address and credentials as one line of JSON. */
export async function runSimulator(
  { fixtureFile, strict = false, untidy: seed, ...address }: CommandOptions,
  { stdout, stderr }: { stdout(line: string): void; stderr(line: string): void },
): Promise<Simulator> {
  const fromFile = fixtureFile === undefined ? {} : readFixture(fixtureFile);
  const fixture = { ...fromFile, ...(strict && { strict }), ...(seed !== undefined && { untidy: { seed } }) };
  const simulator = await startSimulator({ ...address, fixture, log: stderr });
  const { url, clientId, clientSecret, rootTenantId, login, password } = simulator;
  stdout(JSON.stringify({ url, clientId, clientSecret, rootTenantId, login, password }));
  return simulator;
}

/** Reads a fixture file. @throws {Error} with the reason if it is not valid. */
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
      throw new Error(
        `${file}: ${name} is not a field of a fixture; known fields: ${Object.keys(fixtureFields).join(', ')}`,
      );
    if (typeof value !== wanted) throw new Error(`${file}: ${name} must be a ${wanted}`);
  }
  return fixture as Fixture;
}
