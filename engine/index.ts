export { runEngine } from './command.js';
export { checkFolder } from './database.js';
export { findEngine } from './find.js';
export { spawnGuarded, type GuardedProcess } from './guarded-process.js';
export { DEFAULT_RETENTION_DAYS, missingSearchAttributes, setUpNamespace, WrongSearchAttribute } from './namespace.js';
export { checkPortFree } from './ports.js';
export { startEngine, type Engine } from './start.js';
