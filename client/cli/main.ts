#!/usr/bin/env node
import './quiet.js';
import { reportEnd, reportUncaught, tolerateClosedPipe } from './output.js';
import { program } from './program.js';

tolerateClosedPipe();
reportUncaught();
try {
  await program((code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  process.exitCode = reportEnd(error);
}
