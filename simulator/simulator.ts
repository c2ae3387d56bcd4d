import type { AddressInfo } from 'node:net';
import { Faults } from './faults.js';
import { defaultAccount, type Fixture } from './fixture.js';
import { Journal } from './journal.js';
import { createWorld } from './create-world.js';
import { keepWorld, restoreWorld } from './kept-world.js';
import { consoleFetchFrom } from './fetch.js';
import { createVendorServer } from './server.js';
import { Untidiness } from './untidy.js';
import { createWorldView } from './world-view.js';

export interface SimulatorOptions {
  /** Default: 127.0.0.1. */
  host?: string | undefined;
  /** 0 or absent: a free port. */
  port?: number | undefined;
  fixture?: Fixture | undefined;
  /** Makes the ids of everything that is stored. Default: random UUIDs. */
  newId?: (() => string) | undefined;
  latencyMs?: number | undefined;
  /** File in which the world survives restarts; absent: it is forgotten. */
  db?: string | undefined;
  log?: ((line: string) => void) | undefined;
}

/** What the parts of the server share. */
export type SimulatorState = ReturnType<typeof createState>;

/** A running simulator of the vendor's platform. */
export type Simulator = ReturnType<typeof publicView> & { close(): Promise<void> };

/** The state of a simulator before the first call. */
export function createState({ fixture = {}, newId, latencyMs = 0, db, log = () => undefined }: SimulatorOptions) {
  const world = createWorld(fixture, newId);
  const seeded = db === undefined ? new Set(world.tenants.keys()) : restoreWorld(world, db);
  return {
    world,
    seeded,
    /** Knows which tenants existed at the start. */
    view: createWorldView(world, seeded),
    faults: new Faults(),
    journal: new Journal(),
    untidiness: new Untidiness(fixture.untidy),
    unknownRoutes: [] as string[],
    latencyMs,
    url: '',
    log,
  };
}

/** What the code that started a simulator sees of it. */
export function publicView(state: SimulatorState, { fixture = {} }: SimulatorOptions) {
  return {
    url: state.url,
    clientId: fixture.clientId ?? defaultAccount.clientId,
    clientSecret: fixture.clientSecret ?? defaultAccount.clientSecret,
    rootTenantId: state.world.rootId,
    login: defaultAccount.login,
    password: defaultAccount.password,
    world: state.view,
    faults: state.faults,
    journal: state.journal,
    /** Calls that the simulator does not know. Tests fail if there are any. */
    unknownRoutes: state.unknownRoutes,
    setLatency(ms: number) {
      state.latencyMs = ms;
    },
    expireTokens: () => state.world.tokens.clear(),
    consoleFetch: consoleFetchFrom(state),
  };
}

/** Starts a simulator. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0 } = options;
  const state = createState(options);
  const server = createVendorServer(state);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const clash = error.code === 'EADDRINUSE';
      reject(clash ? new Error(`Port ${port} is in use. Give another --port, or 0 for a free one.`) : error);
    });
    server.listen(port, host, resolve);
  });
  state.url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const save = options.db === undefined ? undefined : keepWorld(state, options.db);
  return {
    ...publicView(state, options),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      save?.();
    },
  };
}
