import { findEngine } from '../../engine/index.js';

/** Runs before all tests and downloads the server, so that no test waits for a download. */
export default async function findEngines(): Promise<void> {
  await findEngine();
}
