export { runEngine, type CommandOutput } from './command.js';
export { checkFolder } from './database.js';
export { findEngine, findTestServer, type FindOptions, type FoundEngine } from './find.js';
export { spawnGuarded, type GuardedProcess } from './guarded-process.js';
export { DEFAULT_RETENTION_DAYS, missingSearchAttributes, setUpNamespace } from './namespace.js';
export type { SearchAttribute, SetUpOptions, SetUpReport } from './namespace.js';
export { startEngine, type Engine, type EngineOptions } from './start.js';
