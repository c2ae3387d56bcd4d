import { existsSync } from 'node:fs';
import { test } from '@jest/globals';
import { chromium, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = [process.env['CHROMIUM'], ...places].find((path) => path !== undefined && existsSync(path));
const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];

/** Tests that need Chromium: left out where there is none, except where CI is set, which makes its absence a failure. */
export const browserTest = program === undefined && !process.env['CI'] ? test.skip : test;

/** Opens Chromium for as long as `use` lasts. Nothing but 127.0.0.1 is let through; what was asked of others is a failure. */
export async function withPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  if (program === undefined) throw new Error('Chromium is not there: apt-get install chromium, or set CHROMIUM');
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu', ...quiet] });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(60_000);
    const strangers: string[] = [];
    await page.route(
      (url) => url.hostname !== '127.0.0.1',
      async (route) => {
        strangers.push(route.request().url());
        await route.abort();
      },
    );
    const result = await use(page);
    if (strangers.length > 0) throw new Error(`the page asked for ${strangers.join(', ')}`);
    return result;
  } finally {
    await browser.close();
  }
}
