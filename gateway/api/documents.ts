import { docsPage, pageHeaders, type Document } from './docs-page.js';
import type { ApiApp } from './parts.js';

const hidden = { config: { forPeople: true }, schema: { hide: true } } as const;

/** What the API can do: for programs, and for people, who may have logged in at the page instead of sending a key. */
export function addDocuments(app: ApiApp): void {
  app.get('/openapi.json', hidden, () => app.swagger());
  let page: string | undefined;
  app.get('/docs', hidden, async (_request, reply) => {
    page ??= docsPage(app.swagger() as Document);
    return await reply.headers(pageHeaders).serializer(String).send(page);
  });
}
