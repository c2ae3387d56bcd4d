import { docsPage, pageHeaders, type Document } from './docs-page.js';
import type { ApiApp } from './parts.js';

/** What the API can do: for programs, and for people. */
export function addDocuments(app: ApiApp): void {
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  let page: string | undefined;
  app.get('/docs', { schema: { hide: true } }, async (_request, reply) => {
    page ??= docsPage(app.swagger() as Document);
    return await reply.headers(pageHeaders).serializer(String).send(page);
  });
}
