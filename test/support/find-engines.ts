import { findEngine, findTestServer } from '../../engine/index.js';

/** Before any test: what is fetched once is fetched here, so that no test waits for a download. */
export default async function findEngines(): Promise<void> {
  await findEngine();
  await findTestServer();
}
