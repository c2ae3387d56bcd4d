#!/usr/bin/env node
import './quiet.js';
import { execute } from './execute.js';
import { reportUncaught, tolerateClosedPipe } from './output.js';

tolerateClosedPipe();
reportUncaught();
process.exitCode = await execute(process.argv.slice(2));
