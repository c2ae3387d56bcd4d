const NEEDS_CHROMIUM = /[\\/]test[\\/]browser[\\/]/;

/** Which test files `npm test` runs: all of them, but without Chromium no browser tests, unless CI is set. */
async function choose(files: readonly string[]): Promise<{ filtered: string[] }> {
  const { chromiumPath } = await import('./chromium.js');
  if (chromiumPath !== undefined || process.env['CI']) return { filtered: [...files] };
  process.stderr.write('No Chromium is here: test/browser is not run. Install it, or set CHROMIUM to its program.\n');
  return { filtered: files.filter((file) => !NEEDS_CHROMIUM.test(file)) };
}

// jest takes only this form
export = choose;
