import { docsPage, pageHeaders, type Document } from './docs-page.js';
import type { ApiApp } from './parts.js';

const hidden = { config: { forPeople: true }, schema: { hide: true } } as const;

/** What the API can do: for programs, and for people, who may have logged in at the page instead of sending a key. */
export function addDocuments(app: ApiApp): void {
  let document: Buffer | undefined;
  app.get('/openapi.json', hidden, async (_request, reply) => {
    // it is large, and never changes: all answers share the bytes
    document ??= Buffer.from(JSON.stringify(app.swagger()));
    return await reply.type('application/json').send(document);
  });
  let page: Buffer | undefined;
  app.get('/docs', hidden, async (_request, reply) => {
    page ??= Buffer.from(docsPage(app.swagger() as Document));
    return await reply.headers(pageHeaders).send(page);
  });
}
