export { GOOGLE_DR_INFRA, ORDINARY_INFRA } from './catalogue.js';
export { readFixture, runSimulator } from './command.js';
export type { Fault, Faults } from './faults.js';
export type { Fixture, TreeSize } from './fixture.js';
export { createInProcessSimulator, type InProcessSimulator } from './in-process.js';
export type { Journal, JournalEntry } from './journal.js';
export { startSimulator, type Simulator, type SimulatorOptions } from './simulator.js';
export type { WorldView } from './world-view.js';
export { untidyTraits as traits, type UntidyTrait as Trait, type UntidyOptions as Untidy } from './untidy.js';
