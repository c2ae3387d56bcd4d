/**
 * Imported before everything else by each program: warnings of Node and of packages (deprecations, experiments) are for
 * developers. `node --trace-warnings` shows them.
 */
if (!process.execArgv.some((flag) => flag.startsWith('--trace-'))) process.removeAllListeners('warning');
