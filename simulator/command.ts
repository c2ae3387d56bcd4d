import { fixtureFields, type Fixture } from './fixture.js';
import { checkScripts } from './machine-scripts.js';
import { startSimulator, type Simulator } from './simulator.js';

export interface CommandOptions {
  host?: string | undefined;
  port?: number | undefined;
  fixture?: Fixture | undefined;
  /** File in which the world survives restarts. */
  db?: string | undefined;
  strict?: boolean | undefined;
  /** Makes the cloud untidy, with this random seed. */
  untidy?: number | undefined;
  /** Plans back up at the times of their schedule. */
  scheduledBackups?: boolean | undefined;
  /** How long after a registration token a machine installs itself in that tenant: "10 minutes". */
  installAfter?: string | undefined;
}

/** Runs `tenantry simulator`: starts a simulator and prints its address and credentials as one line of JSON. */
export async function runSimulator(
  { fixture: given = {}, host, port, db, ...options }: CommandOptions,
  { stdout, stderr }: { stdout(line: string): void; stderr(line: string): void },
): Promise<Simulator> {
  const fixture = withOptions(given, options);
  const simulator = await startSimulator({ host, port, fixture, db, log: stderr });
  const { url, clientId, clientSecret, rootTenantId, login, password } = simulator;
  stdout(JSON.stringify({ url, pid: process.pid, clientId, clientSecret, rootTenantId, login, password }));
  return simulator;
}

function withOptions(
  given: Fixture,
  { strict = false, untidy: seed, scheduledBackups = false, installAfter }: Omit<CommandOptions, 'fixture' | 'db'>,
): Fixture {
  return {
    ...given,
    ...(strict && { strict }),
    ...(scheduledBackups && { scheduledBackups }),
    ...(seed !== undefined && { untidy: { seed } }),
    ...(installAfter !== undefined && { machines: [...(given.machines ?? []), { installAfter }] }),
  };
}

/** Reads the text of a fixture file. @throws {Error} with the reason if it is not valid. */
export function readFixture(file: string, text: string): Fixture {
  let fixture: unknown;
  try {
    fixture = JSON.parse(text);
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
  if ('machines' in (fixture as object)) checkMachines(file, (fixture as Fixture).machines);
  return fixture as Fixture;
}

function checkMachines(file: string, machines: unknown): void {
  try {
    checkScripts(machines);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
