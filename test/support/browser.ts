import { chromium, type Page } from 'playwright-core';
import { chromiumPath } from './chromium.js';

const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];

/** Opens Chromium while `use` runs. Requests to other hosts than 127.0.0.1 are blocked and fail the test. */
export async function withPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  if (chromiumPath === undefined) throw new Error('Chromium is not there: apt-get install chromium, or set CHROMIUM');
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', ...quiet],
  });
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
