#!/usr/bin/env node
import { CommanderError } from 'commander';
import { Exit } from './exit-codes.js';
import { tolerateClosedPipe } from './output.js';
import { program } from './program.js';

tolerateClosedPipe();
try {
  await program((code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? Exit.done : Exit.refused;
}
