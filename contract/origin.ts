/** Why this is not a valid origin of a cloud, with the remedy; undefined when it is valid. */
export function originProblem(baseUrl: string): string | undefined {
  const remedy = 'Give the origin of the data centre and nothing else, e.g. https://eu2-cloud.acronis.com';
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    return `is not an http(s) URL. ${remedy}`;
  }
  if (url.username !== '' || url.password !== '') {
    return `contains credentials. ${remedy}`;
  }
  if (/\/api\/2\/?$/.test(url.pathname)) {
    return `ends in /api/2, which is added by itself. ${remedy}`;
  }
  if (baseUrl.endsWith('/')) return `ends in a slash. ${remedy}`;
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return `has a path or query. ${remedy}`;
  }
  return undefined;
}
